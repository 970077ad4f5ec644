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
