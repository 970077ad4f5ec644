import dataclasses

import pytest

from mmholdout.splits.known_search import Outcome, recalled, search_key

PATHS = {'a': 'a.png', 'b': 'b.png'}
OTHER = {'c': 'c.png'}


@pytest.fixture
def digests(digest_of):
    return {f'{name}.png': digest_of(pixels=name) for name in 'abc'}


def key(digests, ours=PATHS, theirs=OTHER, splits=('train', 'val'), per_image=5):
    return search_key([(splits[0], ours, splits[1], theirs)], digests, per_image)


def test_all_that_a_search_depends_on_changes_the_key(digests, digest_of):
    keys = [
        key(digests),
        key(digests, per_image=6),
        key(digests, splits=('train', 'test')),
        key(digests, splits=('val', 'train')),
        key(digests, ours={'a': 'a.png'}),
        key(digests, ours={'a': 'a.png', 'x': 'b.png'}),
        key(digests, theirs={}),
        key(digests, theirs=PATHS),
        key(digests | {'c.png': digest_of(pixels='d')}),
        key({p: d for p, d in digests.items() if p != 'c.png'}),
    ]
    assert len(set(keys[:6] + keys[7:])) == 9
    assert keys[6] == keys[9]  # an image that cannot be read is not searched


def test_where_the_files_are_does_not(digests):
    moved = {f'/elsewhere/{path}': digest for path, digest in digests.items()}
    there = [{i: f'/elsewhere/{p}' for i, p in images.items()} for images in (PATHS, OTHER)]
    assert key(moved, *there) == key(digests)
    touched = {p: dataclasses.replace(d, mtime_ns=99, file='0' * 64) for p, d in digests.items()}
    assert key(touched) == key(digests)


def test_a_set_with_itself_is_another_search(digests):
    assert key(digests, PATHS, PATHS) != key(digests, PATHS, dict(PATHS))


def test_pairs_come_back_with_their_evidence(digests, verdict, pair_of):
    outcome = Outcome((('train', 'b', 'val', 'c'),), ('a note',), 7)
    known = {(digests['b.png'].pixels, digests['c.png'].pixels): verdict}
    parts = [('train', PATHS, 'val', OTHER)]
    assert recalled(outcome, parts, digests, known) == [pair_of('b', 'c')]
    assert recalled(Outcome((), (), 7), parts, digests, {}) == []


def test_without_the_evidence_nothing_is_recalled(digests):
    outcome = Outcome((('train', 'b', 'val', 'c'),), (), 7)
    parts = [('train', PATHS, 'val', OTHER)]
    pixels = (digests['b.png'].pixels, digests['c.png'].pixels)
    assert recalled(outcome, parts, digests, {}) is None
    assert recalled(outcome, parts, digests, {pixels: None}) is None
