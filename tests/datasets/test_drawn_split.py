from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.datasets.drawn_split import DrawnPart, place_of
from mmholdout.errors import ConfigError

IDS = [f'VOC2007/{n:06d}' for n in range(5000)] + [f'VOC2012/2008_{n:06d}' for n in range(5000)]
NINE = DrawnPart.of(dict(start=0, stop=0.9))
ONE = DrawnPart.of(dict(start=0.9, stop=1))


def test_parts_divide_a_list():
    for image_id in IDS:
        assert NINE.holds(image_id) != ONE.holds(image_id)
    assert all(DrawnPart().holds(image_id) for image_id in IDS)


def test_their_sizes_are_about_what_they_say():
    """Within four standard deviations of a fair draw, in each folder."""
    for ids in (IDS[:5000], IDS[5000:]):
        share = sum(map(ONE.holds, ids)) / len(ids)
        assert abs(share - 0.1) < 4 * (0.1 * 0.9 / len(ids)) ** 0.5


def test_another_seed_draws_another_part():
    other = DrawnPart.of(dict(start=0.9, stop=1, seed=1))
    both = sum(ONE.holds(i) and other.holds(i) for i in IDS)
    assert 50 < both < 150  # of 10,000, where 100 are expected


@pytest.mark.parametrize(
    ('image_id', 'seed', 'place'),
    [('VOC2007/000005', 0, 0.809759), ('VOC2007/000005', 1, 0.821108), ('Zäh 1.b', 0, 0.191740)],
)
def test_places_never_change(image_id, seed, place):
    """Another version of this project must not draw another split."""
    assert place_of(image_id, seed) == pytest.approx(place, abs=1e-6)


@given(st.text(), st.integers())
def test_every_id_has_a_place(image_id, seed):
    try:
        image_id.encode()
    except UnicodeEncodeError:
        return
    assert 0 <= place_of(image_id, seed) < 1


@pytest.mark.parametrize(
    ('words', 'said'),
    [
        (dict(stop=0), '0 <= start < stop <= 1'),
        (dict(start=0.5, stop=0.5), '0 <= start < stop <= 1'),
        (dict(start=-0.1), '0 <= start < stop <= 1'),
        (dict(stop=90), '0 <= start < stop <= 1'),
        (dict(stop='0.9'), '0 <= start < stop <= 1'),
        (dict(stop=True), '0 <= start < stop <= 1'),
        (dict(stop=float('nan')), '0 <= start < stop <= 1'),
        (dict(strt=0.1), "Did you mean 'start'"),
        (dict(seed=1.5), 'seed of part must be an integer'),
        ((0, 0.9), 'part must be a dict'),
    ],
)
def test_impossible_parts(words, said):
    with pytest.raises(ConfigError, match=said):
        DrawnPart.of(words)


def test_all_mistakes_at_once():
    with pytest.raises(ConfigError) as error:
        DrawnPart.of(dict(begin=0, start=2, seed=None))
    assert len(error.value.problems) == 3
