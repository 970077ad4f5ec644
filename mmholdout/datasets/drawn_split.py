"""A part of a list, drawn by the ids: the same whatever the list's order and length."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from mmholdout.errors import ConfigError, did_you_mean

WORDS = ('start', 'stop', 'seed')


@dataclass(frozen=True)
class DrawnPart:
    """The ids whose place is in [start, stop); parts that do not overlap share no image.

    An id's place depends on id and seed alone, and places are spread evenly: [0, 0.9) and
    [0.9, 1) are about 90 and 10 % of any list. An image that is added later moves no other.

    Attributes:
        start: from 0 up.
        stop: up to 1, above `start`.
        seed: of the draw; parts of one list need the same.
    """

    start: float = 0.0
    stop: float = 1.0
    seed: int = 0

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> DrawnPart:
        """From a config's `part=dict(start=0, stop=0.9)`.

        Raises:
            ConfigError: everything that is wrong with it, at once.
        """
        if not isinstance(words, Mapping):
            raise ConfigError(f'part must be a dict such as dict(start=0, stop=0.9), got {words!r}')
        problems = [
            f'part has no {word!r}; known: {", ".join(WORDS)}.{did_you_mean(str(word), WORDS)}'
            for word in words
            if word not in WORDS
        ]
        start, stop, seed = (words.get(w, d) for w, d in zip(WORDS, (0.0, 1.0, 0)))
        numbers = all(isinstance(v, Real) and not isinstance(v, bool) for v in (start, stop))
        if not numbers or not 0 <= start < stop <= 1:
            problems.append(
                f'part needs 0 <= start < stop <= 1, got start={start!r}, stop={stop!r}'
            )
        if not isinstance(seed, int) or isinstance(seed, bool):
            problems.append(f'seed of part must be an integer, got {seed!r}')
        if problems:
            raise ConfigError(problems)
        return cls(float(start), float(stop), seed)

    def holds(self, image_id: str) -> bool:
        """Whether an image is in this part."""
        return self.start <= place_of(image_id, self.seed) < self.stop


def place_of(image_id: str, seed: int = 0) -> float:
    """An id's place in [0, 1): the first 13 hexadecimal digits of SHA-256 of 'seed:id'."""
    digest = hashlib.sha256(f'{seed}:{image_id}'.encode()).hexdigest()
    return int(digest[:13], 16) / 16**13
