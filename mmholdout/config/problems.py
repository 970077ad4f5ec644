"""Everything wrong with a config, collected so that it can be said at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mmholdout.config.origin import Key, Origins, dotted
from mmholdout.errors import ConfigError, did_you_mean


class Problems:
    """A list of sentences that start with key path and line."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self.sentences: list[str] = []

    def add(self, path: Sequence[Key], text: str) -> None:
        """Add one; a repetition is dropped."""
        origin = self.origins.of(path)
        where = f' ({origin})' if origin else ''
        sentence = f'{dotted(path)}{where}: {text}'
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def unknown(self, path: Sequence[Key], what: str, known: Iterable[str]) -> None:
        """Add an unknown key, with the near names and all known ones."""
        listed = sorted(known)
        near = did_you_mean(str(path[-1]), listed)
        self.add(path, f'{what}.{near} Known: {", ".join(listed) or "none"}')

    def take(self, path: Sequence[Key], error: ConfigError) -> None:
        """Add what a part said about its own arguments."""
        for problem in error.problems:
            self.add(path, problem)

    def raise_if_any(self) -> None:
        """Raises ConfigError with all of them."""
        if self.sentences:
            raise ConfigError(self.sentences)


def got(value: Any) -> str:
    """A value as a message shows it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 80 else f'{text[:77]}...'
