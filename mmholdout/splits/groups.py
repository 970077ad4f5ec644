"""Groups that no two splits may share: a video, a scene, a patient."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

from mmholdout.errors import ConfigError, DataError
from mmholdout.splits.listed import listed

GroupKey = str | Mapping[str, str]


def groups_of(ids: Iterable[Hashable], key: GroupKey) -> dict[str, str]:
    """Id (as text) -> group.

    Args:
        ids: image ids.
        key: a regular expression searched in each id, whose first bracket, or whole match where
            it has none, is the group; or a mapping from id to group.

    Raises:
        ConfigError: not a regular expression.
        DataError: ids without a group, because a silent group of their own could hide a leak.
    """
    names = [str(i) for i in ids]
    found = dict(key) if isinstance(key, Mapping) else _matched(names, key)
    lost = [name for name in names if name not in found]
    if lost:
        how = 'in the mapping' if isinstance(key, Mapping) else f'by the pattern {key!r}'
        raise DataError(
            f'{len(lost)} of {len(names)} image ids have no group {how}: {listed(lost)}. Give each '
            'image a group; an image that belongs to none can be a group by itself.'
        )
    return {name: str(found[name]) for name in names}


def members(groups: Mapping[str, str]) -> list[list[str]]:
    """The ids of each group, for `draw_split` to keep together."""
    found: dict[str, list[str]] = defaultdict(list)
    for image_id, group in groups.items():
        found[group].append(image_id)
    return [sorted(ids) for _, ids in sorted(found.items())]


def shared_groups(splits: Mapping[str, Iterable[Hashable]], key: GroupKey) -> list[str]:
    """One sentence for each group that is in two splits; empty where none is.

    Raises:
        ConfigError, DataError: see `groups_of`.
    """
    held: dict[str, dict[str, list[str]]] = {}
    for split, ids in splits.items():
        held[split] = defaultdict(list)
        for image_id, group in groups_of(ids, key).items():
            held[split][group].append(image_id)
    problems = []
    for first, second in combinations(held, 2):
        for group in sorted(held[first].keys() & held[second].keys()):
            ours, theirs = sorted(held[first][group]), sorted(held[second][group])
            problems.append(
                f'Group {group!r} is in both {first!r} ({listed(ours)}) and {second!r} '
                f'({listed(theirs)}). A group belongs to one split.'
            )
    return problems


def _matched(names: list[str], pattern: str) -> dict[str, str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ConfigError(
            f'The group pattern {pattern!r} is no regular expression: {error}.'
        ) from error
    found = {}
    for name in names:
        match = compiled.search(name)
        text = match and match[1 if compiled.groups else 0]
        if text:
            found[name] = text
    return found
