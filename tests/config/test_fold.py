from __future__ import annotations

import pytest

from mmholdout.config.fold import fold_list, in_fold
from mmholdout.config.load import load
from mmholdout.config.translate import translate


@pytest.mark.parametrize(
    ('given', 'split', 'expected'),
    [
        ('ImageSets/Main/train.txt', 'train', 'ImageSets/Main/fold2_train.txt'),
        ('trainval.txt', 'val', 'fold2_val.txt'),
        ('a\\b\\train.txt', 'train', 'a/b/fold2_train.txt'),
        (['VOC2007/train.txt', 'VOC2012/train.txt'], 'train', None),
        ('test.txt', 'test', 'test.txt'),
        ('', 'train', ''),
        (7, 'train', 7),
    ],
)
def test_the_list_of_the_fold_takes_its_place(given, split, expected):
    leaf = {'ann_file': given}
    in_fold(leaf, split, 2)
    if expected is None:
        expected = ['VOC2007/fold2_train.txt', 'VOC2012/fold2_train.txt']
    assert leaf == {'ann_file': expected}


@pytest.mark.parametrize('fold', [None, -1, '0', True, 1.0])
def test_no_fold_no_change(fold):
    leaf = {'ann_file': 'train.txt'}
    in_fold(leaf, 'train', fold)
    assert leaf == {'ann_file': 'train.txt'}


def test_the_words_have_it_and_the_config_stays(write, base_text):
    write('base.py', base_text)
    loaded = load(write('child.py', "_base_ = ['base.py']\nfold = 3\n"))
    words = translate(loaded.cfg)
    lists = [words[f'{s}_dataloader']['dataset']['ann_file'] for s in ('train', 'val', 'test')]
    assert lists == ['fold3_train.txt', 'fold3_val.txt', 'test.txt']
    assert loaded.cfg['train_dataloader']['dataset']['ann_file'] == 'train.txt'


def test_what_can_be(problems_of):
    assert problems_of('fold = 0') == []
    assert problems_of('fold = None') == []


@pytest.mark.parametrize(
    ('text', 'messages'),
    [
        (
            "fold = 'a'",
            ["fold (child.py:2): must be the number of a fold, from 0, or None, got 'a'"],
        ),
        ('fold = -1', ['got -1']),
        ('fold = True', ['got True']),
        (
            "fold = 0\ntrain_dataloader = dict(dataset=dict(ann_file='train.json'))",
            ["lists of ids (*.txt), whose place those of the fold take; got 'train.json'"],
        ),
        (
            'fold = 0\nval_dataloader = dict(dataset=dict(part=dict(start=0.5)))',
            ['val_dataloader.dataset.part', 'a fold is a whole list; set part=None'],
        ),
        ('fold = 0\ntrain_dataloader = dict(dataset=dict(indices=10))', ['set indices=None']),
        (
            "fold = 0\ntrain_dataloader = dict(dataset=dict(ann_file=['a/x.txt', 'a/y.txt']))",
            ['one list in a folder, but several of these are in one'],
        ),
    ],
)
def test_what_cannot_be(problems_of, text, messages):
    (problem,) = problems_of(text)
    assert all(message in problem for message in messages), problem


def test_the_name_of_a_list():
    assert fold_list(0, 'train') == 'fold0_train.txt'
