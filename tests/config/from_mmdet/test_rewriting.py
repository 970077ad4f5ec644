from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown, whole
from mmholdout.config.origin import Origin, Origins


def test_the_input_stays_as_it_is():
    cfg = {'a': {'b': 1}}
    r = Rewriting(cfg, Origins())
    r.take('a', 'b')
    assert cfg == {'a': {'b': 1}} and r.cfg == {'a': {}}


def test_put_says_so_and_takes_the_line_along():
    r = Rewriting({'old': {'x': 4}}, Origins({('old', 'x'): Origin(None, 7)}))
    r.put(('new', 'y'), 8, ('old', 'x'), was=r.take('old', 'x'), why='doubled')
    assert r.cfg == {'old': {}, 'new': {'y': 8}}
    assert r.said == ['old.x = 4 -> new.y = 8 (doubled)']
    assert r.origins.exact(('new', 'y')).line == 7


def test_two_places_that_speak_differently_are_refused():
    r = Rewriting({'new': 1}, Origins())
    r.put(('new',), 2, ('old',), was=2)
    assert r.cfg == {'new': 1}
    ((path, text),) = r.refused
    assert path == ('old',) and '2 is said here, 1 in new; keep one' in text


def test_two_places_that_agree_are_one():
    r = Rewriting({'new': 2}, Origins())
    r.put(('new',), 2, ('old',), was=2)
    assert not r.refused and r.cfg == {'new': 2}


def test_nothing_is_said_twice():
    r = Rewriting({'a': 1}, Origins())
    r.say('x')
    r.say('x')
    r.drop(('absent',), 'never said')
    r.refuse(('a',), 'no')
    r.refuse(('a',), 'no')
    assert r.said == ['x'] and r.refused == [(('a',), 'no')]


def test_looking_into_lists_and_past_the_end():
    r = Rewriting({'a': [{'b': 1}], 'n': None}, Origins())
    assert r.at('a', 0, 'b') == 1 and r.at('a', 5) is None and r.at('a', 'b') is None
    assert r.has('n') and not r.has('m') and r.dict_at('n') == {}


@pytest.mark.parametrize(
    ('value', 'text'),
    [
        (0.1, '0.1'),
        ({'type': 'SGD', 'lr': 1}, "dict(type='SGD', lr=1)"),
        ([{'a': (1,)}], '[dict(a=(1,))]'),
    ],
)
def test_values_are_shown_as_they_are_written(value, text):
    assert shown(value) == text


def test_long_values_are_cut():
    assert len(shown('x' * 500)) == 72


def test_small_questions():
    assert whole(3) and not whole(True) and not whole(3.0)
    assert bare('mmdet.VOCDataset') == bare('VOCDataset') == 'VOCDataset'
