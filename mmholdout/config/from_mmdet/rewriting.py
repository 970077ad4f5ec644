"""A config while its words are being translated: what was said about it, what was refused."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from mmholdout.config.origin import Key, KeyPath, Origins, dotted

_WIDTH, WIDE = 72, 400  # columns of a shown value, the old one and the new


class Rewriting:
    """A working copy of a config's dict; every change goes through here, so that it can be told.

    Attributes:
        cfg: the words so far.
        said: one line for each translation, in order, none twice.
        refused: key path and sentence of what cannot be translated.
        separate: what to write where val and test are one list; empty where they are not.
    """

    def __init__(self, cfg: dict[str, Any], origins: Origins) -> None:
        self.cfg = copy.deepcopy(cfg)
        self.origins = origins
        self.said: list[str] = []
        self.refused: list[tuple[KeyPath, str]] = []
        self.separate = ''

    def at(self, *path: Key) -> Any:
        """The value there, or None."""
        node: Any = self.cfg
        for key in path:
            if isinstance(node, dict):
                node = node.get(key)
            elif isinstance(node, list | tuple) and isinstance(key, int) and key < len(node):
                node = node[key]
            else:
                return None
        return node

    def dict_at(self, *path: Key) -> dict[str, Any]:
        """The dict there, or an empty one."""
        value = self.at(*path)
        return value if isinstance(value, dict) else {}

    def has(self, *path: Key) -> bool:
        """Whether there is such a key, be its value None."""
        holder = self.at(*path[:-1]) if len(path) > 1 else self.cfg
        return isinstance(holder, dict) and path[-1] in holder

    def take(self, *path: Key) -> Any:
        """Remove a key and give its value; None where there is none."""
        holder = self.at(*path[:-1]) if len(path) > 1 else self.cfg
        return holder.pop(path[-1], None) if isinstance(holder, dict) else None

    def say(self, line: str) -> None:
        """Note a translation."""
        if line not in self.said:
            self.said.append(line)

    def refuse(self, path: Sequence[Key], text: str) -> None:
        """Note what cannot be translated, with what to write instead."""
        if (tuple(path), text) not in self.refused:
            self.refused.append((tuple(path), text))

    def put(
        self, new: KeyPath, value: Any, old: Sequence[Key] = (), *, was: Any = None, why: str = ''
    ) -> None:
        """Set `new`, and say that it stands for `old`.

        Where the config speaks at `new` already, and says something else, both are shown.

        Args:
            new: key path in this package's words.
            value: for it.
            old: key path of the translated word; its lines become those of `new`.
            was: the old value, as it is shown.
            why: added to the line.
        """
        here = f'{dotted(old)} = {shown(was)}'
        if self.has(*new) and self.at(*new) != value:
            place = self.origins.of(new)
            self.refuse(
                old or new,
                f'{shown(was)} is said here, {shown(self.at(*new))} in {dotted(new)}'
                f'{f" ({place})" if place else ""}; keep one of the two',
            )
            return
        self.set(new, value)
        if old:
            self.origins.moved(tuple(old), new)
            now = shown(value, WIDE)
            self.say(f'{here} -> {dotted(new)} = {now}{f" ({why})" if why else ""}')

    def set(self, path: KeyPath, value: Any) -> None:
        """Set without a word; dicts on the way are made."""
        node = self.cfg
        for key in path[:-1]:
            inner = node.get(key) if isinstance(node, dict) else node[key]
            if not isinstance(inner, dict | list):
                inner = node[key] = {}
            node = inner
        node[path[-1]] = value

    def drop(self, path: KeyPath, instead: str) -> None:
        """Remove a word that needs none here; says what does its work."""
        if self.has(*path):
            value = self.take(*path)
            self.say(f'{dotted(path)} = {shown(value)} -> nothing: {instead}')


def shown(value: Any, width: int = _WIDTH) -> str:
    """A value in a line of text, cut where it is long."""
    text = _text(value)
    return text if len(text) <= width else f'{text[: width - 3]}...'


def _text(value: Any) -> str:
    """As one writes it in a config."""
    if isinstance(value, dict):
        return f'dict({", ".join(f"{key}={_text(one)}" for key, one in value.items())})'
    if isinstance(value, list):
        return f'[{", ".join(map(_text, value))}]'
    return repr(value)


def whole(value: Any) -> bool:
    """Whether it is an integer and no bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def bare(kind: Any) -> str:
    """'mmdet.VOCDataset' -> 'VOCDataset'."""
    return str(kind).rpartition('.')[2]
