from types import SimpleNamespace

import numpy as np
import pytest
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets.cached_mosaic import CachedMosaic
from mmholdout.datasets.other_samples import OtherSamples, connect, leaves_of
from mmholdout.datasets.sample_seed import seeded
from mmholdout.datasets.seeded import SeededDataset
from mmholdout.errors import ConfigError


class Files:
    """Reads samples by index, as mmengine's BaseDataset."""

    def __init__(self, length=8, steps=()):
        self.length, self.pipeline = length, SimpleNamespace(transforms=list(steps))

    def __len__(self):
        return self.length

    def get_data_info(self, index):
        return {'index': index, 'gt_bboxes': np.zeros((index % 2, 4), np.float32)}


def test_any_sample_with_its_own_transforms_before():
    source = OtherSamples(Files(), [lambda r: {**r, 'seen': 1}])
    with seeded(0):
        drawn = [source.draw() for _ in range(200)]
    assert {r['index'] for r in drawn} == set(range(8))
    assert all(r['seen'] == 1 and type(r['gt_bboxes']) is HorizontalBoxes for r in drawn)


def test_the_draw_is_a_function_of_the_seed():
    def draw(seed):
        with seeded(seed):
            return [OtherSamples(Files(1000)).draw()['index'] for _ in range(5)]

    assert draw(1) == draw(1) != draw(2)


def test_where_the_transforms_give_none_another_is_drawn():
    odd = OtherSamples(Files(), [lambda r: r if r['index'] % 2 else None])
    assert {odd.draw()['index'] for _ in range(100)} == {1, 3, 5, 7}
    with pytest.raises(ConfigError, match='gave no sample'):
        OtherSamples(Files(), [lambda r: None]).draw()


def test_without_a_dataset_it_says_so():
    with pytest.raises(ConfigError, match='no data set to draw them from'):
        OtherSamples().draw()


def test_connect_gives_the_transforms_before_and_the_own_dataset():
    first, mosaic = object(), CachedMosaic(img_scale=(8, 8))
    one, two = Files(steps=[first, mosaic]), Files(steps=[mosaic.__class__(img_scale=(8, 8))])
    nest = SeededDataset(SimpleNamespace(datasets=[one, SimpleNamespace(dataset=two)]), 0)
    connect(nest)
    assert mosaic.others.dataset is one
    assert mosaic.others.before == (first,)
    assert two.pipeline.transforms[0].others.dataset is two


def test_in_a_wrappers_pipeline_it_is_refused():
    wrapper = SimpleNamespace(pipeline=[CachedMosaic(img_scale=(8, 8))], dataset=Files())
    with pytest.raises(ConfigError, match='CachedMosaic cannot stand in the pipeline of Simple'):
        connect(wrapper)


def test_leaves_are_what_has_a_pipeline():
    inner = Files()
    wrapper = SimpleNamespace(pipeline=[], dataset=inner)
    assert list(leaves_of(SimpleNamespace(dataset=wrapper))) == [wrapper, inner]
