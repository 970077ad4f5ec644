"""Three names are named, the others counted."""

import pytest

from mmholdout.splits.listed import listed


@pytest.mark.parametrize(
    ('names', 'text'),
    [
        ([], ''),
        (['a'], 'a'),
        (['a', 'b', 'c'], 'a, b, c'),
        (['a', 'b', 'c', 'd'], 'a, b, c and 1 more'),
        (['a'] * 12, 'a, a, a and 9 more'),
    ],
)
def test_listed(names, text):
    assert listed(names) == text


def test_another_mark():
    assert listed(['a: x', 'b: y'], '; ') == 'a: x; b: y'
