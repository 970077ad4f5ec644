"""What was found in a file: kinds, each with its examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Found:
    """Problems stop, notices do not; kind -> examples, in the order in which they came."""

    problems: dict[str, list[str]] = field(default_factory=dict)
    notices: dict[str, list[str]] = field(default_factory=dict)

    def problem(self, kind: str, *examples: str) -> None:
        """Something that reading cannot go on with."""
        self.problems.setdefault(kind, []).extend(examples)

    def notice(self, kind: str, *examples: str) -> None:
        """Something wrong that was dealt with."""
        self.notices.setdefault(kind, []).extend(examples)


def shown(value: object, most: int = 60) -> str:
    """A value from a file for a message; never longer than `most` and an ellipsis."""
    if isinstance(value, Mapping):
        return f'an object with {len(value)} keys'
    if isinstance(value, list) and len(value) > 8:
        return f'a list of {len(value)}'
    text = repr(value)
    return text if len(text) <= most else text[:most] + '…'
