import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.datasets.slice import Slice, evenly_spaced


@pytest.mark.parametrize(
    ('length', 'count', 'indices'),
    [
        (10, 1, [5]),
        (10, 2, [2, 7]),
        (10, 5, [1, 3, 5, 7, 9]),
        (3, 3, [0, 1, 2]),
        (3, 100, [0, 1, 2]),
        (3, 0, []),
        (0, 5, []),
    ],
)
def test_evenly_spaced(length, count, indices):
    assert evenly_spaced(length, count) == indices


@given(st.integers(1, 500), st.integers(1, 500))
def test_spread(length, count):
    indices = evenly_spaced(length, count)
    assert len(indices) == len(set(indices)) == min(length, count)
    assert indices == sorted(indices) and indices[0] >= 0 and indices[-1] < length
    gaps = [b - a for a, b in zip([-1, *indices], indices)]
    assert max(gaps) <= length / len(indices) + 1


class Letters(list):
    metainfo = {'classes': ('x',)}

    def get_data_info(self, index):
        return {'img_id': self[index]}


def test_a_slice_is_a_dataset():
    part = Slice(Letters('abcdefghij'), 2)
    assert [part[i] for i in range(len(part))] == ['c', 'h']
    assert part.get_data_info(1) == {'img_id': 'h'}
    assert part.metainfo == {'classes': ('x',)}
