import multiprocessing
import pickle

import pytest

from mmholdout.datasets.failure import Failure, FailureDataset, collate_or_fail
from mmholdout.datasets.loader import build_loader
from mmholdout.errors import DataError


class Bad:
    """Ten samples; those in `bad` cannot be had."""

    metainfo = {'classes': ('red',)}

    def __init__(self, bad, error=DataError):
        self.bad, self.error = bad, error

    def __len__(self):
        return 10

    def __getitem__(self, index):
        if index in self.bad:
            raise self.error(f'image {index}.jpg: no readable image')
        return {'index': index}


def build(bad, *, train=False, workers=0, error=DataError, **words):
    config = {
        'dataset': Bad(bad, error),
        'batch_size': 4,
        'num_workers': workers,
        'sampler': {'shuffle': False},
    } | words
    return build_loader(config, seed=0, train=train)


@pytest.mark.parametrize('workers', [0, 2])
@pytest.mark.parametrize('train', [True, False])
def test_the_users_message_comes_out_of_a_worker_as_it_is(train, workers):
    loader = build({5, 7}, train=train, workers=workers)
    batches = iter(loader)
    assert next(batches) == {'index': [0, 1, 2, 3]}
    with pytest.raises(DataError) as caught:
        next(batches)
    assert caught.value.problems == (
        'image 5.jpg: no readable image',
        'image 7.jpg: no readable image',
    )


@pytest.mark.parametrize('workers', [0, 1])
def test_the_loader_can_be_used_again(workers):
    loader = build({9}, workers=workers)
    for _ in range(2):
        seen = []
        with pytest.raises(DataError):
            seen.extend(batch['index'] for batch in loader)
        assert seen == [[0, 1, 2, 3], [4, 5, 6, 7]]


@pytest.mark.parametrize('words', [{}, {'persistent_workers': False}])
def test_no_worker_is_left_though_the_error_is_kept(words):
    before = set(multiprocessing.active_children())
    loader = build({0}, workers=2, **words)
    with pytest.raises(DataError) as caught:
        list(loader)
    assert set(multiprocessing.active_children()) == before
    assert caught.value.problems == ('image 0.jpg: no readable image',)


def test_a_pass_that_is_given_up_leaves_no_worker_that_nobody_uses():
    before = set(multiprocessing.active_children())
    batches = iter(build(set(), workers=2, persistent_workers=False))
    next(batches)
    batches.close()
    assert set(multiprocessing.active_children()) == before


@pytest.mark.parametrize('workers', [0, 1])
def test_a_defect_stays_a_defect(workers):
    with pytest.raises(ZeroDivisionError):
        list(build({1}, workers=workers, error=ZeroDivisionError))


def test_everything_but_indexing_is_passed_on():
    dataset = FailureDataset(Bad({1}))
    assert dataset.metainfo == {'classes': ('red',)} and len(dataset) == 10
    assert dataset[0] == {'index': 0} and isinstance(dataset[1], Failure)
    assert pickle.loads(pickle.dumps(dataset))[2] == {'index': 2}  # noqa: S301 - our own bytes
    with pytest.raises(AttributeError, match='nothing'):
        _ = dataset.nothing


def test_the_same_words_are_said_once():
    failure = Failure(('a', 'b'))
    assert collate_or_fail([{'x': 1}, failure, failure]) == failure
    assert collate_or_fail([{'x': 1}, {'x': 2}]) == {'x': [1, 2]}
