import pytest
from mmengine.dataset import Compose

from mmholdout.datasets.cached_mosaic import CachedMosaic
from mmholdout.datasets.loader import build_loader, close_loader
from mmholdout.datasets.switching import (
    built_pipeline,
    exchange_pipelines,
    pipelines_of,
    skip_transforms,
)
from mmholdout.errors import ConfigError


def number(value):
    return lambda results: {'inputs': value, 'data_samples': results['index']}


class Files:
    max_refetch = 3

    def __init__(self, value=1):
        self.pipeline = Compose([number(value)])

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return self.pipeline({'index': index})


class Wrapper:
    def __init__(self, *datasets):
        self.datasets = datasets

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return self.datasets[index % len(self.datasets)][index]


def inputs_of(loader):
    loader.sampler.set_position(0)
    return {value for batch in loader for value in batch['inputs']}


@pytest.fixture
def loader_of():
    loaders = []

    def build(dataset, workers=0):
        words = dict(dataset=dataset, batch_size=2, num_workers=workers)
        loaders.append(build_loader(words, seed=0, train=True))
        return loaders[-1]

    yield build
    for loader in loaders:
        close_loader(loader)


@pytest.mark.parametrize('workers', [0, 1])
def test_every_dataset_below_wrappers_gets_the_other_pipeline(loader_of, workers):
    """Workers that live on over epochs, too."""
    loader = loader_of(Wrapper(Files(1), Files(1)), workers)
    own = pipelines_of(loader)
    assert inputs_of(loader) == {1}
    exchange_pipelines(loader, [(leaf, Compose([number(2)])) for leaf, _ in own])
    assert inputs_of(loader) == {2}
    exchange_pipelines(loader, own)
    assert inputs_of(loader) == {1}


def test_transforms_of_the_other_pipeline_know_their_dataset(loader_of):
    loader = loader_of(Files())
    ((leaf, _),) = pipelines_of(loader)
    pipeline = built_pipeline([dict(type='CachedMosaic', img_scale=(8, 8))])
    exchange_pipelines(loader, [(leaf, pipeline)])
    assert type(pipeline.transforms[0]) is CachedMosaic
    assert pipeline.transforms[0].others.dataset is leaf


def test_a_dataset_without_a_pipeline_is_refused(loader_of):
    loader = loader_of([{'inputs': 1, 'data_samples': 2}] * 8)
    with pytest.raises(ConfigError, match='no pipeline that could be exchanged'):
        pipelines_of(loader)


@pytest.mark.parametrize('workers', [0, 1])
def test_skipped_transforms(loader_of, workers):
    class Mixed(Files):
        skipped = ()

        def update_skip_type_keys(self, names):
            self.skipped = names

        def __getitem__(self, index):
            return {'inputs': len(self.skipped), 'data_samples': index}

    loader = loader_of(Mixed(), workers)
    assert inputs_of(loader) == {0}
    skip_transforms(loader, ['Mosaic', 'MixUp'])
    assert inputs_of(loader) == {2}
    skip_transforms(loader, None)
    assert inputs_of(loader) == {0}
