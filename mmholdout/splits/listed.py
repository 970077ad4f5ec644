"""Names in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

_MOST = 3


def listed(names: Sequence[str], mark: str = ', ') -> str:
    """The first three names, and how many more there are."""
    more = f' and {len(names) - _MOST} more' if len(names) > _MOST else ''
    return mark.join(names[:_MOST]) + more
