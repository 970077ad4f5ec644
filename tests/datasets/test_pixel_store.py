import copy
import errno
import multiprocessing
import os
import pickle
import signal
import warnings

import numpy as np
import pytest

from mmholdout.datasets import pixel_store
from mmholdout.datasets.pixel_store import PixelStore
from mmholdout.errors import ConfigError

FORK = multiprocessing.get_context('fork')


def image(value, height=6, width=5):
    return np.full((height, width, 3), value, np.uint8)


@pytest.fixture(params=['memory', 'folder'])
def folder(request, tmp_path):
    return None if request.param == 'memory' else str(tmp_path)


def test_what_was_put_is_given(folder):
    store = PixelStore(10_000, folder)
    assert store.get('a') is None
    store.put('a', image(7))
    store.put('ä b', image(8, 3, 9)[:, ::2])
    assert (store.get('a') == image(7)).all()
    assert (store.get('ä b') == image(8, 3, 5)).all()
    assert len(store) == 2


def test_what_is_given_cannot_be_written_to():
    store = PixelStore(10_000)
    for given in (store.put('a', image(7)), store.get('a')):
        with pytest.raises(ValueError, match='read-only'):
            given[0] = 1


def test_the_first_stay_and_the_bound_holds(folder):
    store = PixelStore(3 * 90 + 89, folder)
    for number in range(6):
        put = store.put(str(number), image(number))
        assert (put == image(number)).all()
    assert [store.get(str(n)) is not None for n in range(6)] == [True] * 3 + [False] * 3
    store.put('small', image(9, 2, 2))
    assert (store.get('small') == 9).all()


def test_a_second_put_changes_nothing():
    store = PixelStore(1000)
    store.put('a', image(1))
    assert (store.put('a', image(2)) == 1).all()
    assert len(store) == 1


def in_child(work):
    child = FORK.Process(target=work)
    child.start()
    child.join(30)
    return child.exitcode


def test_forked_processes_share_it(folder):
    store = PixelStore(100_000, folder)
    store.put('before', image(1))

    def work():
        assert (store.get('before') == 1).all()
        store.put('child', image(2))

    assert in_child(work) == 0
    assert (store.get('child') == image(2)).all()
    store.put('after', image(3))
    assert [int(store.get(k)[0, 0, 0]) for k in ('before', 'child', 'after')] == [1, 2, 3]


@pytest.mark.guarantee
def test_many_at_once_keep_each_image_once():
    store = PixelStore(40 * 90)  # for 40 of 60

    def work(seed):
        for number in np.random.default_rng(seed).permutation(60):
            found = store.get(str(number))
            found = store.put(str(number), image(number)) if found is None else found
            assert (found == image(number)).all()

    children = [FORK.Process(target=work, args=(seed,)) for seed in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0] * 4
    assert len(store) == 40
    kept = [number for number in range(60) if store.get(str(number)) is not None]
    assert len(kept) == 40
    assert all((store.get(str(number)) == image(number)).all() for number in kept)


@pytest.mark.parametrize('at', ['pixels', 'entry'])
def test_a_process_killed_while_it_writes_leaves_no_image(monkeypatch, at):
    store = PixelStore(10_000)
    store.put('whole', image(1))

    def work():
        write = pixel_store._write

        def interrupted(file, content, offset):
            if (file == store._entries) == (at == 'entry'):
                write(file, content[: len(content) // 2], offset)
                os.kill(os.getpid(), signal.SIGKILL)
            write(file, content, offset)

        pixel_store._write = interrupted
        store.put('half', image(2))

    assert in_child(work) == -signal.SIGKILL
    assert store.get('half') is None
    store.put('next', image(3))
    assert (store.get('next') == image(3)).all() and (store.get('whole') == image(1)).all()


def test_a_full_disk_is_said_once_and_costs_no_image(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, 'No space left on device')

    store = PixelStore(10_000)
    store.put('a', image(1))
    monkeypatch.setattr(pixel_store, '_write', full)
    with pytest.warns(RuntimeWarning, match='No space left') as said:
        assert (store.put('b', image(2)) == 2).all()
        assert (store.put('c', image(3)) == 3).all()
    assert len(said) == 1
    assert (store.get('a') == 1).all() and store.get('b') is None


def test_nothing_is_left_in_the_folder(tmp_path):
    store = PixelStore(1000, str(tmp_path))
    store.put('a', image(1))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match='No such file'):
        PixelStore(1000, str(tmp_path / 'none'))


def test_copies_are_the_same_and_pickles_are_refused():
    store = PixelStore(1000)
    assert copy.deepcopy([store])[0] is store
    with pytest.raises(ConfigError, match='num_workers=0'):
        pickle.dumps(store)


def test_its_files_are_closed_with_it():
    store = PixelStore(1000)
    files = store._pixels, store._entries
    view = store.put('a', image(5))
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        del store
    for file in files:
        with pytest.raises(OSError, match='Bad file'):
            os.fstat(file)
    assert (view == 5).all()
