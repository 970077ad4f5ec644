"""Hostile text cannot move the cursor, break a line or pass for other text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.report.inert import inert, width

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('dog', 'dog'),
        ('traffic light', 'traffic light'),
        ('chien à poil', 'chien à poil'),
        ('红绿灯', '红绿灯'),
        ('\x1b[31mred', r'\x1b[31mred'),
        ('a\nb\tc\rd', r'a\nb\tc\rd'),
        ('\x9b2J', r'\x9b2J'),  # the one-character form of the escape sequence
        ('\u202egod', r'\u202egod'),  # right-to-left override
        ('a\u200bb', r'a\u200bb'),  # zero-width space
        ('a\u2028b', r'a\u2028b'),  # line separator
        ('\ud800', r'\ud800'),  # half a surrogate pair, as from a damaged file name
        ('', ''),
    ],
)
def test_what_is_shown(text, shown):
    assert inert(text) == shown


@given(ANY_TEXT)
def test_nothing_dangerous_is_left(text):
    shown = inert(text)
    assert not any(unicodedata.category(c)[0] == 'C' for c in shown)
    assert len(shown.splitlines()) <= 1
    shown.encode('utf-8')


@given(ANY_TEXT, st.integers(1, 30))
def test_it_fits_in_the_given_columns(text, columns):
    shown = inert(text, columns)
    assert width(shown) <= columns
    if width(inert(text)) > columns:
        assert shown.endswith('…')
        assert inert(text).startswith(shown[:-1])
    else:
        assert shown == inert(text)


def test_a_kept_character_stays():
    assert inert('a\nb\x1b', keep='\n') == 'a\nb\\x1b'


@pytest.mark.parametrize('columns', [0, -1])
def test_no_room_is_an_error(columns):
    with pytest.raises(ValueError, match='max_width'):
        inert('dog', columns)


@pytest.mark.parametrize(('text', 'columns'), [('dog', 3), ('狗', 2), ('e\u0301', 1), ('', 0)])
def test_width(text, columns):
    assert width(text) == columns
