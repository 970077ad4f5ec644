import pytest

from mmholdout.formats.found import Found, shown


def test_kinds_keep_their_order_and_examples():
    found = Found()
    found.problem('late', 'x')
    found.notice('soft', 'y')
    found.problem('early')
    found.problem('late', 'z')
    assert found.problems == {'late': ['x', 'z'], 'early': []}
    assert list(found.problems) == ['late', 'early'] and found.notices == {'soft': ['y']}


@pytest.mark.parametrize(
    ('value', 'text'),
    [
        (3, '3'),
        ({'a': 1, 'b': 2}, 'an object with 2 keys'),
        ([0] * 9, 'a list of 9'),
        ([0, 1], '[0, 1]'),
        ('x' * 100, "'" + 'x' * 59 + '…'),
    ],
)
def test_values_are_short(value, text):
    assert shown(value) == text
