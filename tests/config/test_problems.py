from __future__ import annotations

from pathlib import Path

import pytest

from mmholdout.config.origin import Origin, Origins
from mmholdout.config.problems import Problems, got
from mmholdout.errors import ConfigError


def test_a_sentence_has_key_path_line_known_and_near_name():
    problems = Problems(Origins({('evaluation', 'intervall'): Origin(Path('a.py'), 3)}))
    problems.unknown(('evaluation', 'intervall'), 'unknown', ['interval', 'loss'])
    assert problems.sentences == [
        "evaluation.intervall (a.py:3): unknown. Did you mean 'interval'? Known: interval, loss"
    ]


def test_all_are_raised_at_once_and_none_twice():
    problems = Problems(Origins())
    problems.raise_if_any()
    problems.add(('a',), 'wrong')
    problems.add(('a',), 'wrong')
    problems.take(('b',), ConfigError(['one', 'two']))
    with pytest.raises(ConfigError) as raised:
        problems.raise_if_any()
    assert raised.value.problems == ('a: wrong', 'b: one', 'b: two')


def test_long_values_are_cut():
    assert len(got('x' * 500)) == 80
