from __future__ import annotations

import copy

import pytest

from mmholdout.config.load import load
from mmholdout.config.refit import KEYS, as_refit, joined
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError

REFIT = {
    'of': 'work_dirs/a',
    'checkpoint': '0' * 64,
    'monitor': 'val/mAP',
    'value': 0.5,
    'epochs': 7,
    'max_epochs': 12,
    'iters_per_epoch': 10,
    'rate_cuts': [(4, 0.1)],
    'batch_growths': [],
    'score_thr': 0.3,
    'class_score_thrs': {},
}


@pytest.fixture
def words(write, base_text):
    write('base.py', base_text)
    text = f"""
    _base_ = ['base.py']
    refit = {REFIT!r}
    train_dataloader = dict(dataset=dict(
        filter_cfg=dict(min_size=8), difficult='train', corrupt='skip'))
    custom_hooks = [
        dict(type='ReduceLROnPlateauHook', monitor='mAP'),
        dict(type='IncreaseBatchSizeOnPlateauHook', monitor='mAP'),
        dict(type='PipelineSwitchHook', switch_epoch=3, switch_pipeline=[dict(type='Resize')]),
        dict(type='mmholdout.EarlyStoppingHook', monitor='mAP'),
    ]
    """
    return translate(load(write('child.py', text)).cfg)


def test_a_config_without_it_stays(words):
    del words['refit']
    before = copy.deepcopy(words)
    assert as_refit(words) == before == words


def test_train_and_val_are_one_training_split(words):
    before = copy.deepcopy(words)
    train, val = as_refit(words)['train_dataloader']['dataset']['datasets']
    assert words == before
    assert train == before['train_dataloader']['dataset']
    assert val['ann_file'] == 'val.txt' and val['data_root'] == 'data/base'
    assert 'test_mode' not in val  # read for training, in each respect
    for key in ('pipeline', 'filter_cfg', 'difficult', 'corrupt'):
        assert val[key] == train[key]
    assert as_refit(words)['val_dataloader'] == before['val_dataloader']  # to predict with


def test_below_the_wrappers_of_train(words):
    leaf = words['train_dataloader']['dataset']
    both = {'type': 'ConcatDataset', 'datasets': [leaf, leaf | {'ann_file': 'more.txt'}]}
    mixed = {'type': 'MultiImageMixDataset', 'dataset': both, 'pipeline': []}
    words['train_dataloader']['dataset'] = mixed
    found = joined(words)
    assert found['type'] == 'MultiImageMixDataset'
    lists = [one['ann_file'] for one in found['dataset']['datasets']]
    assert lists == ['train.txt', 'more.txt', 'val.txt']


def test_a_wrapper_that_cannot(words):
    leaf = words['train_dataloader']['dataset']
    wrapper = {'type': 'ClassBalancedDataset', 'dataset': leaf, 'oversample_thr': 0.1}
    words['train_dataloader']['dataset'] = wrapper
    with pytest.raises(ConfigError, match='ClassBalancedDataset takes one data set'):
        as_refit(words)


def test_what_validation_did_is_repeated_and_nothing_validated(words):
    refit = as_refit(words)
    assert [hook['type'] for hook in refit['custom_hooks']] == ['PipelineSwitchHook']
    assert 'best' not in refit['default_hooks']
    assert refit['default_hooks']['rate'] == {
        'type': 'ReplayedRateHook',
        'schedule': words['default_hooks']['rate']['schedule'],
        'max_epochs': 12,
        'iters_per_epoch': 10,
        'rate_cuts': [(4, 0.1)],
        'batch_growths': [],
    }
    # Hooks that look ahead see the whole length, as they did in the run that is repeated
    assert (refit['train_cfg']['max_epochs'], refit['train_cfg']['refit_epochs']) == (12, 7)


def test_a_length_in_iterations_becomes_one_in_epochs(words):
    words['train_cfg'] = {'type': 'TrainLoop', 'max_iters': 125, 'interval': 5, 'by_epoch': False}
    words['refit'] = {**REFIT, 'max_epochs': 12.5}
    loop = as_refit(words)['train_cfg']
    assert loop == {
        'type': 'TrainLoop',
        'max_epochs': 13,
        'refit_epochs': 7,
        'interval': 1,
        'by_epoch': True,
        'begin': 1,
    }


def test_what_the_command_writes_is_right(problems_of):
    assert set(REFIT) == set(KEYS)
    assert problems_of(f'refit = {REFIT!r}') == []
    assert problems_of('refit = None') == []


@pytest.mark.parametrize(
    ('refit', 'message'),
    [
        ({'of': 'a'}, 'is written by tools/refit.py WORK_DIR, and lacks checkpoint, monitor'),
        ({**REFIT, 'epochs': 0}, 'refit.epochs (child.py:2): must be an integer >= 1, got 0'),
        ({**REFIT, 'epoch': 3}, "refit has no 'epoch'. Did you mean 'epochs'?"),
    ],
)
def test_one_that_it_cannot_have_written(problems_of, refit, message):
    (problem,) = problems_of(f'refit = {refit!r}')
    assert message in problem
