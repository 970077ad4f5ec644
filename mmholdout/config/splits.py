"""The `splits` section: what a run does where train, val and test are not disjoint."""

from __future__ import annotations

import re
from typing import Any

from mmholdout.config.problems import Problems, got
from mmholdout.config.words import section
from mmholdout.errors import did_you_mean

DEFAULTS: dict[str, Any] = {'allow_overlap': False, 'near_duplicates': 'list', 'group': None}
NEAR_DUPLICATES = ('list', 'refuse', 'off')


def splits_words(cfg: dict[str, Any]) -> dict[str, Any]:
    """All of `splits`, defaults filled in."""
    return {**DEFAULTS, **section(cfg, 'splits')}


def check_splits(cfg: dict[str, Any], problems: Problems) -> None:
    """Every value of the section that cannot be."""
    words = splits_words(cfg)
    allow = words['allow_overlap']
    if not isinstance(allow, bool):
        problems.add(('splits', 'allow_overlap'), f'must be True or False, got {got(allow)}')
    near = words['near_duplicates']
    if near not in NEAR_DUPLICATES:
        problems.add(
            ('splits', 'near_duplicates'),
            f'must be one of {", ".join(map(repr, NEAR_DUPLICATES))}, got {got(near)}.'
            f'{did_you_mean(str(near), NEAR_DUPLICATES)}',
        )
    _check_group(words['group'], problems)


def _check_group(group: Any, problems: Problems) -> None:
    path, example = ('splits', 'group'), r"r'^(video\d+)_'"
    if group is None:
        return
    if not isinstance(group, str):
        problems.add(
            path, f'must be a regular expression, say {example}, or None, got {got(group)}'
        )
        return
    try:
        brackets = re.compile(group).groups
    except re.error as error:
        problems.add(path, f'{got(group)} is no regular expression: {error}')
        return
    if not brackets:
        problems.add(
            path,
            f'{got(group)} has no bracket: put what names the video, scene or patient into one, '
            f'as in {example}',
        )
