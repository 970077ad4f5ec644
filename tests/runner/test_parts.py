import pytest
import torch

from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError, DataError
from mmholdout.runner.parts import (
    as_config_errors,
    build_split,
    build_train_eval,
    innermost,
    leaves,
    reports_of,
    without_test,
)


@pytest.fixture
def words(small_config):
    return translate(load(small_config()).cfg)


def test_without_test_removes_every_test_key(words):
    assert any(key.startswith('test') for key in words)
    assert not any(key.startswith('test') for key in without_test(words))


def test_train_eval_is_a_slice_of_train_read_through_the_val_pipeline(words):
    loader = build_train_eval(words, 6, seed=0)
    train = build_split(words, 'train', seed=0).dataset
    ids = [loader.dataset.get_data_info(i)['img_id'] for i in range(6)]
    assert len(set(ids)) == 6
    assert set(ids) <= {train.get_data_info(i)['img_id'] for i in range(len(train))}
    twice = [[s.img_id for b in loader for s in b['data_samples']] for _ in range(2)]
    assert twice == [ids, ids]


def test_train_eval_of_a_data_set_that_mixes_images(words):
    """Of YOLOX: its mosaic and its second pipeline are training's alone."""
    expected = build_train_eval(words, 6, seed=0)
    files = words['train_dataloader']['dataset']
    words['train_dataloader']['dataset'] = dict(
        type='MultiImageMixDataset',
        dataset=dict(files, pipeline=files['pipeline'][:-1]),
        pipeline=[dict(type='Mosaic', img_scale=(64, 64)), dict(type='PackDetInputs')],
    )
    for mixed, plain in zip(build_train_eval(words, 6, seed=0), expected):
        assert all(map(torch.equal, mixed['inputs'], plain['inputs']))


def test_no_train_eval(words):
    assert build_train_eval(words, 0, seed=0) is None


def test_leaves_below_wrappers():
    one, two = {'type': 'VOCDataset', 'n': 1}, {'type': 'VOCDataset', 'n': 2}
    nested = {'type': 'ConcatDataset', 'datasets': [one, {'type': 'X', 'dataset': two}]}
    assert leaves(nested) == [one, two]
    assert innermost(nested) is one


def test_building_leaves_the_words_as_they_are(words):
    before = repr(words)
    build_split(words, 'val', seed=0)
    assert repr(words) == before


def test_reports_below_wrappers():
    class Report:
        def __init__(self, text):
            self.words = text

        def text(self):
            return self.words

    class Leaf:
        def __init__(self, text):
            self.report = Report(text)

    class Wrapper:
        datasets = (Leaf('a'), Leaf(''), Leaf('b'))

    assert reports_of(Wrapper()) == ['a', 'b']
    assert reports_of(object()) == []


def test_arguments_that_a_class_refuses_are_the_users_mistake(small_config):
    config = small_config("""
    small = [
        dict(type='LoadImageFromFile'),
        dict(type='LoadAnnotations', with_bbox=True),
        dict(type='RandomFlip', prob='often'),
        dict(type='PackDetInputs'),
    ]
    train_dataloader = dict(dataset=dict(pipeline=small))
    """)
    words = translate(load(config).cfg)
    with pytest.raises(ConfigError, match="dataset 'VOCDataset' cannot be built"):
        build_split(words, 'train', seed=0)


def test_user_errors_pass_through_unchanged():
    with pytest.raises(DataError, match=r'^as it is$'), as_config_errors('x'):
        raise DataError('as it is')
