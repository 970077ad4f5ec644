"""Splits are compared by content: what is shared is found, what is not raises no alarm."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.splits.near_duplicates import find, find_within
from mmholdout.splits.pair_search import PairSearch


@pytest.fixture
def splits(write, photos):
    """10, 6 and 4 different pictures."""
    return {
        'train': write('train', {f't{n}': photos[n] for n in range(10)}),
        'val': write('val', {f'v{n}': photos[n] for n in range(10, 16)}),
        'test': write('test', {f'x{n}': photos[n] for n in range(16, 20)}),
    }


def test_clean_splits_raise_no_alarm(splits):
    report = find(splits)
    assert (report.errors, report.pairs, report.notes) == ((), (), ())
    assert report.images == {'train': 10, 'val': 6, 'test': 4}
    assert report.computed == 20
    assert report.lines()[-1] == 'No image is shared, and no near-duplicates were found.'


def test_planted_copies_are_found(splits, write, photos, changes):
    """Every kind of change, each from another picture of train."""
    copies = {f'copy{n}': change(photos[n % 10]) for n, change in enumerate(changes.values())}
    splits['val'] |= write('copies', copies)
    report = find(splits)
    found = {(pair.first_id, pair.second_id) for pair in report.pairs}
    planted = {(f't{n % 10}', f'copy{n}') for n in range(len(changes))}
    assert len(found & planted) >= len(planted) - 1  # all 11 when this was written
    assert all(pair.first_split == 'train' for pair in report.pairs)
    # The first and the last copy are of one picture, but both lie in val.
    assert {second for _, second in found} <= set(copies)
    assert report.errors == ()


def test_exact_overlap_is_an_error_and_no_pair(splits, tmp_path, photos):
    shutil.copy(splits['train']['t1'], tmp_path / 'val' / 'again.png')
    splits['val']['again'] = tmp_path / 'val' / 'again.png'
    path = tmp_path / 'test' / 'other.png'
    cv2.imwrite(str(path), photos[2], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    splits['test']['other'] = path
    splits['test']['v11'] = splits['test'].pop('x16')
    report = find(splits)
    assert [(o.kind, o.first_id, o.second_id) for o in report.overlaps] == [
        ('same pixels', 't2', 'other'),
        ('same bytes', 't1', 'again'),
        ('same id', 'v11', 'v11'),
    ]
    assert len(report.errors) == 3
    assert report.pairs == ()
    assert 'No near-duplicates were found besides.' in report.lines()


def test_groups(splits):
    assert find(splits, groups=r'^[a-z]').errors == ()
    (error,) = find(
        splits, groups={i: 'g' if i in ('t1', 'x17') else i for s in splits.values() for i in s}
    ).errors
    assert error.startswith("Group 'g' is in both 'train' (t1) and 'test' (x17)")
    with pytest.raises(DataError, match='no group'):
        find(splits, groups={'t1': 'g'})


def test_the_cache_makes_the_second_time_quick(splits, tmp_path, write, photos, changes):
    splits['val'] |= write('copies', {'copy': changes['halved'](photos[0])})
    cache = tmp_path / 'cache'
    first = find(splits, cache)
    before = cache.stat().st_mtime_ns
    again = find(splits, cache)
    assert (first.computed, again.computed) == (21, 0)
    assert again.pairs == first.pairs
    assert len(again.pairs) == 1
    assert cache.stat().st_mtime_ns == before  # nothing new, nothing written
    cache.write_bytes(cache.read_bytes()[:-100])
    assert find(splits, cache).computed == 21
    assert find(splits, cache).computed == 0


def test_other_sets_stay_in_the_cache(splits, tmp_path):
    cache = tmp_path / 'cache'
    find({'train': splits['train'], 'val': splits['val']}, cache)
    find({'test': splits['test']}, cache)
    assert find(splits, cache).computed == 0


def test_a_changed_image_is_seen_in_spite_of_the_cache(splits, tmp_path, photos):
    cache = tmp_path / 'cache'
    find(splits, cache)
    cv2.imwrite(str(splits['val']['v10']), photos[5])
    report = find(splits, cache)
    assert report.computed == 0  # its bytes are those of t5
    assert [o.kind for o in report.overlaps] == ['same bytes']


def test_a_cache_that_cannot_be_written_is_noted(splits, tmp_path):
    (note,) = find(splits, tmp_path / 'none' / 'cache').notes
    assert note.startswith('The digests were not kept for the next time: ')


def test_unreadable_images_are_noted(splits, tmp_path):
    (tmp_path / 'bad\n.jpg').write_text('no image')
    splits['val']['bad'] = tmp_path / 'bad\n.jpg'
    (note,) = find(splits).notes
    assert note.startswith('1 of 21 images could not be read and were compared by id and path')
    assert note.isprintable()


def test_nothing_but_images_is_opened(splits, monkeypatch):
    opened = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, 'read_bytes', lambda path: opened.append(path) or read(path))
    find(splits)
    assert set(opened) <= {path for images in splits.values() for path in images.values()}


def test_progress(splits):
    told = []
    find(splits, progress=lambda *what: told.append(what))
    assert [n for what, *n in told if what == 'images'] == [[n, 20] for n in range(1, 21)]


def test_within_one_set(write, photos, changes):
    images = write('set', {f's{n}': photos[n] for n in range(8)})
    images |= write('copies', {'half': changes['halved'](photos[2]), 'same': photos[5]})
    shutil.copy(images['s6'], images['s6'].with_name('bytes.png'))
    images['bytes'] = images['s6'].with_name('bytes.png')
    cv2.imwrite(str(images['same']), photos[5], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    report = find_within(images)
    assert [(p.first_id, p.second_id, p.kind) for p in report.pairs] == [
        ('s2', 'half', 'altered copy'),
        ('s5', 'same', 'same pixels'),
        ('s6', 'bytes', 'same bytes'),
    ]
    assert report.errors == ()
    assert report.together() == [('s2', 'half'), ('s5', 'same'), ('s6', 'bytes')]


def test_many_blank_images_within_one_set(write):
    blank = write('set', {f'b{n}': np.full((90, 120, 3), 3 * n, np.uint8) for n in range(20)})
    report = find_within(blank)
    assert (report.pairs, report.candidates) == ((), 0)


def test_empty_splits():
    assert find({'train': {}, 'val': {}}).pairs == ()
    assert find_within({}).pairs == ()


def test_likeness_can_be_left_out(splits, write, photos, changes):
    splits['val'] |= write('copies', {'copy': changes['halved'](photos[0]), 't1': photos[20]})
    report = find(splits, near=False)
    assert (report.pairs, report.candidates) == ((), 0)
    assert [o.kind for o in report.overlaps] == ['same id']


def test_the_bytes_of_each_file_are_given(splits, tmp_path):
    (tmp_path / 'bad.jpg').write_text('no image')
    splits['val']['bad'] = tmp_path / 'bad.jpg'
    splits['val']['none'] = tmp_path / 'none.jpg'
    there = [path for images in splits.values() for path in images.values() if path.is_file()]
    assert find(splits).files == {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in there
    }


@pytest.mark.guarantee
def test_equal_files_are_found_where_they_are_no_images(splits, tmp_path):
    for name in ('one', 'other'):
        (tmp_path / name).write_text('no image')
    splits['train']['one'], splits['test']['other'] = tmp_path / 'one', tmp_path / 'other'
    (error,) = find(splits).errors
    assert error.startswith("1 image of 'train' also in 'test' with the same bytes: one = other")


def test_a_search_is_not_done_again(splits, tmp_path, monkeypatch, write, photos, changes):
    splits['val'] |= write('copies', {'copy': changes['halved'](photos[0])})
    cache = tmp_path / 'cache'
    first = find(splits, cache)

    def refuse(*_, **__):
        raise AssertionError('searched again')

    monkeypatch.setattr(PairSearch, 'add', refuse)
    again = find(splits, cache)
    assert (again.pairs, again.candidates, again.notes) == (first.pairs, first.candidates, ())
    assert [(p.first_id, p.second_id) for p in again.pairs] == [('t0', 'copy')]
    for changed in ({'per_image': 4}, {'splits': {**splits, 'test': {}}}):
        with pytest.raises(AssertionError, match='searched again'):
            find(**{'splits': splits, 'cache_path': cache, **changed})


def test_what_was_computed_before_ctrl_c_is_kept(splits, tmp_path):
    def interrupt(what, done, _of):
        if (what, done) == ('images', 12):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(splits, tmp_path / 'cache', progress=interrupt)
    assert find(splits, tmp_path / 'cache').computed == 20 - 12


@pytest.mark.parametrize('phase', ['candidates', 'pairs'])
def test_every_phase_can_be_left(splits, tmp_path, write, photos, changes, phase):
    splits['val'] |= write('copies', {'copy': changes['halved'](photos[0])})

    def interrupt(what, _done, _of):
        if what == phase:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(splits, progress=interrupt)
