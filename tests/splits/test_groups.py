"""Groups by pattern or mapping; shared ones are named with their images."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError, DataError
from mmholdout.splits.groups import groups_of, members, shared_groups


@pytest.mark.parametrize(
    ('pattern', 'expected'),
    [
        (r'^(.+?)_MOV', 'IMG_8535'),
        (r'^[A-Z]+', 'IMG'),
        (r'_(\d+)_', '8535'),
        (r'(?:MOV)-(\d)', '2'),
    ],
)
def test_patterns(pattern, expected):
    assert groups_of(['IMG_8535_MOV-2'], pattern) == {'IMG_8535_MOV-2': expected}


def test_numbers_are_ids_too():
    assert groups_of([1012, 1013, 2001], r'^\d') == {'1012': '1', '1013': '1', '2001': '2'}


def test_a_mapping():
    assert groups_of(['a', 'b'], {'a': 'x', 'b': 'x', 'c': 'y'}) == {'a': 'x', 'b': 'x'}


@pytest.mark.parametrize(
    ('key', 'how'),
    [(r'^p(\d+)', r"by the pattern '\^p"), ({'p1': 'x'}, 'in the mapping'), ('(x)?', 'pattern')],
)
def test_ids_without_a_group_are_an_error(key, how):
    with pytest.raises(DataError, match=how) as caught:
        groups_of(['p1', 'q1', 'q2', 'q3', 'q4'], key)
    assert 'of 5 image ids have no group' in str(caught.value)
    assert 'q1' in str(caught.value)


def test_a_wrong_pattern_is_an_error():
    with pytest.raises(ConfigError, match=r"'\(' is no regular expression"):
        groups_of(['a'], '(')


def test_shared_groups_are_named_with_their_images():
    splits = {'train': ['a1', 'a2', 'b1'], 'val': ['c1', 'a3'], 'test': ['b2', 'd1']}
    assert shared_groups(splits, r'^[a-z]') == [
        "Group 'a' is in both 'train' (a1, a2) and 'val' (a3). A group belongs to one split.",
        "Group 'b' is in both 'train' (b1) and 'test' (b2). A group belongs to one split.",
    ]
    assert shared_groups({'train': ['a1'], 'val': ['b1']}, r'^[a-z]') == []


def test_many_images_are_counted():
    (sentence,) = shared_groups({'train': [f'a{n}' for n in range(9)], 'val': ['ax']}, '^a')
    assert '(a0, a1, a2 and 6 more)' in sentence


def test_members():
    assert members({'a': 'y', 'b': 'x', 'c': 'y'}) == [['b'], ['a', 'c']]


@given(st.lists(st.tuples(st.sampled_from('abc'), st.integers(0, 5)), unique=True))
def test_a_sentence_for_each_shared_group(owned):
    """Images g<group>_<split><n>; a group is shared exactly where two splits hold one."""
    splits = {'a': [], 'b': [], 'c': []}
    for split, group in owned:
        splits[split].append(f'g{group}_{split}')
    holders = [{split for split, g in owned if g == group} for group in range(6)]
    expected = sum(len(h) * (len(h) - 1) // 2 for h in holders)
    assert len(shared_groups(splits, r'^g\d')) == expected
