"""Every image once, groups together, the same for the same seed, shares kept, classes spread."""

from __future__ import annotations

import hashlib
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import ConfigError, DataError
from mmholdout.splits.draw_split import draw_split, joined

RATIOS = {'train': 0.7, 'val': 0.15, 'test': 0.15}

sets = st.dictionaries(
    st.text('abcdef0123', min_size=1, max_size=4),
    st.sets(st.sampled_from(['cat', 'dog', 'owl', 'bat'])),
    min_size=25,
    max_size=70,
)


@st.composite
def grouped_sets(draw):
    classes = draw(sets)
    pairs = st.lists(st.sampled_from(sorted(classes)), min_size=1, max_size=3)
    return classes, draw(st.lists(pairs, max_size=6))


@given(grouped_sets(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_every_image_once_and_groups_together(drawn, seed):
    classes, together = drawn
    splits = draw_split(classes, RATIOS, seed, together).ids
    assert list(splits) == list(RATIOS)
    assert sorted(i for ids in splits.values() for i in ids) == sorted(classes)
    home = {i: name for name, ids in splits.items() for i in ids}
    for group in together:
        assert len({home[i] for i in group}) == 1
    assert all(ids == sorted(ids) for ids in splits.values())


@given(grouped_sets(), st.integers(0, 1000), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_the_input_does_not_matter(drawn, seed, shuffler):
    classes, together = drawn
    names, groups = list(classes), [list(group) for group in together]
    shuffler.shuffle(names)
    shuffler.shuffle(groups)
    for group in groups:
        shuffler.shuffle(group)
    again = draw_split({name: classes[name] for name in names}, RATIOS, seed, groups)
    assert again == draw_split(classes, RATIOS, seed, together)


@given(grouped_sets(), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_sizes_miss_their_share_by_less_than_the_largest_group(drawn, seed):
    classes, together = drawn
    largest = max([len(group) for group in joined(together)], default=1)
    for name, ids in draw_split(classes, RATIOS, seed, together).ids.items():
        target = RATIOS[name] * len(classes)
        assert len(ids) < target + largest
        assert len(ids) > target - 2 * largest  # what both others may have too many


@given(st.lists(st.integers(4, 20), min_size=2, max_size=5), st.integers(0, 1000))
@settings(max_examples=80, deadline=None)
def test_every_class_reaches_every_split_where_it_can(counts, seed):
    """One class an image, at least 4 images of each, and room for one of each in each split."""
    classes = {f'{c}-{n}': {str(c)} for c, number in enumerate(counts) for n in range(number)}
    ratios = {'train': 0.5, 'val': 0.25, 'test': 0.25}
    drawn = draw_split(classes, ratios, seed)
    assert drawn.notes == ()
    for ids in drawn.ids.values():
        assert {i.split('-')[0] for i in ids} == set(map(str, range(len(counts))))


def test_classes_are_stratified():
    """600 images, class shares 60, 30 and 10 %, some empty: each split has them within 2 images."""
    draw = random.Random(0)
    names = draw.choices(['common', 'some', 'rare', ''], [55, 27, 10, 8], k=600)
    classes = {f'{n:03}': {c} if c else set() for n, c in enumerate(names)}
    drawn = draw_split(classes, RATIOS, seed=3)
    for split, ids in drawn.ids.items():
        for c in set(names):
            own = sum(names[int(i)] == c for i in ids)
            assert abs(own - RATIOS[split] * names.count(c)) <= 2


def test_many_labels_are_stratified_better_than_by_chance():
    draw = random.Random(1)
    shares = {'a': 0.5, 'b': 0.2, 'c': 0.05, 'd': 0.02}
    classes = {
        f'{n:04}': {c for c, share in shares.items() if draw.random() < share} for n in range(1000)
    }

    def error(splits):
        total = {c: sum(c in own for own in classes.values()) for c in shares}
        return sum(
            abs(sum(c in classes[i] for i in ids) - RATIOS[name] * total[c])
            for name, ids in splits.items()
            for c in shares
        )

    names = sorted(classes)
    draw.shuffle(names)
    chance = {'train': names[:700], 'val': names[700:850], 'test': names[850:]}
    assert error(draw_split(classes, RATIOS, 0).ids) < error(chance) / 3


def test_seeds_differ():
    classes = {str(n): {'a'} for n in range(60)}
    assert draw_split(classes, RATIOS, 0) == draw_split(classes, RATIOS, 0)
    assert draw_split(classes, RATIOS, 0) != draw_split(classes, RATIOS, 1)


def test_a_frozen_draw():
    """Splits that were published must come out again from their seed."""
    classes = {f'i{n}': {'cat'} if n % 3 else {'dog'} for n in range(12)}
    drawn = draw_split(classes, {'train': 0.5, 'val': 0.25, 'test': 0.25}, 7)
    assert drawn.ids['val'] == ['i3', 'i5', 'i7']


@pytest.mark.parametrize(
    ('seed', 'digest'),
    [(0, '92b99f4f8f6c2c6c'), (1, '6c786cbfcf4af389'), (2, '15a660febdc29886')],
)
def test_frozen_draws_with_groups_and_several_classes(seed, digest):
    draw = random.Random(seed)
    shares = (('a', 0.6), ('b', 0.3), ('c', 0.08), ('d', 0.03))
    classes = {f'i{n:03}': {c for c, p in shares if draw.random() < p} for n in range(160)}
    names = sorted(classes)
    together = [draw.sample(names, draw.randint(2, 5)) for _ in range(12)]
    ids = draw_split(classes, RATIOS, seed, together).ids
    assert {name: len(own) for name, own in ids.items()} == {'train': 112, 'val': 24, 'test': 24}
    found = hashlib.sha256(json.dumps(ids, sort_keys=True).encode()).hexdigest()
    assert found.startswith(digest)


def test_exchange_brings_a_class_to_a_split():
    """Dealing out alone leaves `rare`, in 3 of 23 images, out of a split for some seeds."""
    classes = {f'{n:02}': {'a'} for n in range(20)} | {f'r{n}': {'a', 'rare'} for n in range(3)}
    for seed in range(30):
        assert draw_split(classes, RATIOS, seed).notes == ()


def test_a_class_that_is_too_rare_is_told():
    classes = {f'{n:02}': {'a'} for n in range(30)} | {'x': {'rare'}}
    drawn = draw_split(classes, RATIOS, 0)
    assert len(drawn.notes) == 2
    assert drawn.notes[0].endswith(
        "has no image of class 'rare'; the whole set has 1 group with it."
    )


@pytest.mark.parametrize(
    'ratios',
    [
        {},
        {'train': 0.7},
        {'train': 0.7, 'val': 0.4},
        {'train': 0.7, 'val': 0.3 + 1.5e-6},
        {'train': 1.2, 'val': -0.2},
        {'train': 1.0, 'val': 0.0},
        {'train': float('nan'), 'val': 0.5},
    ],
)
def test_wrong_ratios(ratios):
    with pytest.raises(ConfigError, match='must be positive and 1 in sum'):
        draw_split({'a': set(), 'b': set()}, ratios, 0)


def test_too_few_groups():
    with pytest.raises(DataError, match=r'3 images in 2 groups .* cannot fill 3 splits'):
        draw_split({'a': {'x'}, 'b': {'x'}, 'c': {'x'}}, RATIOS, 0, [('a', 'b')])


def test_one_group_for_each_split():
    thirds = {'train': 1 / 3, 'val': 1 / 3, 'test': 1 / 3}
    drawn = draw_split({'a': {'x'}, 'b': {'x'}, 'c': {'x'}}, thirds, 0)
    assert sorted(map(len, drawn.ids.values())) == [1, 1, 1]
    assert drawn.notes == ()


def test_a_split_without_images():
    classes = {str(n): {'a'} for n in range(8)}
    with pytest.raises(DataError, match=r'8 images are too few for a share of test=0\.001'):
        draw_split(classes, {'train': 0.8, 'val': 0.199, 'test': 0.001}, 0)


def test_unknown_ids():
    with pytest.raises(DataError, match='stay together 1 are not in the set: z'):
        draw_split({'a': set(), 'b': set(), 'c': set()}, RATIOS, 0, [('a', 'z')])


@pytest.mark.parametrize(
    ('together', 'expected'),
    [
        ([], []),
        ([('a', 'b'), ('c', 'd')], [['a', 'b'], ['c', 'd']]),
        ([('a', 'b'), ('b', 'c')], [['a', 'b', 'c']]),
        ([('d', 'c'), ('b', 'a'), ('c', 'a')], [['a', 'b', 'c', 'd']]),
        ([('a',), ()], [['a']]),
    ],
)
def test_joined(together, expected):
    assert joined(together) == expected
