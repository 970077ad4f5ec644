from __future__ import annotations

import pytest

from mmholdout.config.splits import DEFAULTS, splits_words


def test_what_is_not_given_has_its_default():
    assert splits_words({}) == DEFAULTS
    assert splits_words({'splits': {'group': '(a)'}}) == {**DEFAULTS, 'group': '(a)'}
    assert DEFAULTS == {'allow_overlap': False, 'near_duplicates': 'list', 'group': None}


@pytest.mark.parametrize(
    'words',
    [
        'dict()',
        'dict(allow_overlap=True)',
        "dict(near_duplicates='refuse', group=None)",
        r"dict(near_duplicates='off', group=r'^(video\d+)_(\d+)')",
    ],
)
def test_what_can_be(problems_of, words):
    assert problems_of(f'splits = {words}') == []


@pytest.mark.parametrize(
    ('words', 'key', 'messages'),
    [
        ('dict(allow_overlap=1)', 'allow_overlap', ['must be True or False, got 1']),
        (
            "dict(near_duplicates='refused')",
            'near_duplicates',
            ["one of 'list', 'refuse', 'off'", "Did you mean 'refuse'?"],
        ),
        ('dict(near_duplicates=False)', 'near_duplicates', ["'off', got False"]),
        ('dict(near_duplicates=None)', 'near_duplicates', ["'off', got None"]),
        ("dict(near_duplicates=['list'])", 'near_duplicates', ["got ['list']"]),
        ("dict(group='(a')", 'group', ["'(a' is no regular expression: missing )"]),
        ("dict(group='video')", 'group', ["'video' has no bracket"]),
        ("dict(group='(?:video)')", 'group', ['has no bracket']),
        ('dict(group=7)', 'group', ['must be a regular expression', 'got 7']),
        ('dict(groups=None)', 'groups', ["Did you mean 'group'?"]),
    ],
)
def test_what_cannot_be(problems_of, words, key, messages):
    (problem,) = problems_of(f'splits = {words}')
    assert problem.startswith(f'splits.{key} (child.py:2): ')
    assert all(message in problem for message in messages)


def test_all_of_it_at_once(problems_of):
    words = "dict(allow_overlap='yes', near_duplicates='of', group='(', grup=1)"
    assert len(problems_of(f'splits = {words}')) == 4


def test_it_is_a_section(problems_of):
    (problem,) = problems_of('splits = True')
    assert problem.startswith('splits (child.py:2): must be a dict, got True')


def test_from_the_command_line(problems_of):
    (problem,) = problems_of('', 'splits.near_duplicates=lst')
    assert "Did you mean 'list'?" in problem
    assert problems_of('', 'splits.near_duplicates=refuse', 'splits.allow_overlap=True') == []
