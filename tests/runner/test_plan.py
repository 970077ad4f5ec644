import pytest

from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import DataError
from mmholdout.runner.plan import describe


def words_of(path):
    return translate(load(path).cfg)


def test_the_plan_names_splits_validation_and_monitors(small_config):
    text = describe(
        words_of(small_config('evaluation = dict(interval=2, train_eval=6)')), with_data=True
    )
    assert '24 images' in text and '10 images' in text and '8 images' in text
    assert 'not opened before tools/test.py' in text
    assert 'at most 3 epochs of 3 iterations' in text
    assert 'after every 2 epochs and after the last' in text
    assert 'the same of 6 training images' in text
    assert 'best_model.pth: val/mAP, more is better' in text
    assert 'EarlyStoppingHook, patience 10 validations: val/mAP, more is better' in text


def test_without_data_nothing_is_read(small_config):
    text = describe(words_of(small_config("data_root = 'nowhere'")), with_data=False)
    assert ' images, ' not in text and 'ImageSets/Main/train.txt' in text


def test_with_data_that_is_not_there(small_config):
    with pytest.raises(DataError, match='nowhere'):
        describe(words_of(small_config("data_root = 'nowhere'")), with_data=True)


def test_the_fit_of_the_priors_is_stated_where_the_data_are_read(small_config):
    coarse = """
    model = dict(
        bbox_head=dict(anchor_generator=dict(min_sizes=[50, 60, 70], max_sizes=[60, 70, 80])),
    )
    """
    text = describe(words_of(small_config(coarse)), with_data=True)
    block = text[text.index('priors  ') :].splitlines()
    assert block[0].endswith('at 64 x 64 px, without augmentation')
    assert [line.split()[0] for line in block[1:6]] == [
        'class',
        'screw',
        'nut',
        'washer',
        'battery',
    ]
    assert all(line.startswith(' ' * 12) for line in block[1:6])
    assert any(line.startswith('warning     priors: nut: ') for line in block[6:])
    assert 'priors' not in describe(words_of(small_config(coarse)), with_data=False)


def test_all_splits_missing_data_are_told_in_one_message(small_config):
    with pytest.raises(DataError) as caught:
        describe(words_of(small_config("data_root = 'nowhere'")), with_data=True)
    assert len(caught.value.problems) == 1
    for split in ('train', 'val', 'test'):
        assert f'ImageSets/Main/{split}.txt (list of {split})' in str(caught.value)


def test_several_lists_and_a_part_are_named(small_config):
    text = """
    lists = ['ImageSets/Main/train.txt', 'ImageSets/Main/test.txt']
    train_dataloader['dataset'].update(ann_file=lists, part=dict(stop=0.75))
    """
    plan = describe(words_of(small_config(text)), with_data=False)
    line = next(line for line in plan.splitlines() if line.startswith('train '))
    assert 'train.txt (0 to 0.75 of it), ImageSets/Main/test.txt (0 to 0.75 of it)' in line


def test_a_test_split_that_is_elsewhere_has_no_number(small_config):
    text = "test_dataloader['dataset'].update(ann_file='ImageSets/Main/later.txt')"
    plan = describe(words_of(small_config(text)), with_data=True)
    line = next(line for line in plan.splitlines() if line.startswith('test '))
    assert 'images' not in line.split('ImageSets')[0] and 'later.txt' in line
