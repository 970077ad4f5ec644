"""From a class name as written in an annotation to its label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mmholdout.errors import ConfigError, did_you_mean


class ClassLookup:
    """Labels by name; remembers what it could not resolve.

    Args:
        metainfo: its `classes`, in label order.
        aliases: name as written -> class.
        ignored: names whose objects are left out on purpose.

    Raises:
        ConfigError: no classes, or entries that contradict each other.
    """

    def __init__(self, metainfo: Any, aliases: Mapping[str, str], ignored: Iterable[str]) -> None:
        self.classes = _classes(metainfo)
        ignored = _names('ignore_classes', ignored)
        labels = {name: label for label, name in enumerate(self.classes)}
        problems = [
            f'class_aliases maps {name!r} to {target!r}, which is no class; known: '
            f'{", ".join(self.classes)}.{did_you_mean(str(target), self.classes)}'
            for name, target in aliases.items()
            if target not in labels
        ]
        problems += [
            f'class_aliases maps {name!r}, which is a class itself'
            for name in aliases
            if name in labels
        ]
        problems += [
            f'ignore_classes names {name!r}, which is {what} too'
            for what, names in (('a class', labels), ('in class_aliases', aliases))
            for name in ignored
            if name in names
        ]
        if problems:
            raise ConfigError(problems)
        self._labels: dict[str, int | None] = dict(labels)
        self._labels.update({name: labels[target] for name, target in aliases.items()})
        self._labels.update(dict.fromkeys(ignored))
        self.ignored: dict[str, int] = {}
        self._unknown: dict[str, list[str]] = {}

    def label(self, name: str, file: str) -> int | None:
        """The label; None for an ignored or an unknown name, which is noted with its file."""
        if name not in self._labels:
            self._unknown.setdefault(name, []).append(file)
            return None
        label = self._labels[name]
        if label is None:
            self.ignored[name] = self.ignored.get(name, 0) + 1
        return label

    def unknown(self) -> str:
        """All unknown names in one message with the remedies; '' if there were none."""
        if not self._unknown:
            return ''
        named = '\n'.join(
            f'  {name!r}: {len(files)} objects, first in {files[0]}.'
            f'{did_you_mean(name, self.classes)}'
            for name, files in self._unknown.items()
        )
        return (
            f'unknown classes:\n{named}\nKnown: {", ".join(self.classes)}. In the dataset of the '
            "config, set class_aliases={'written': 'class'} for another spelling, "
            "ignore_classes=['written'] to leave the objects out, or add the name to "
            'metainfo=dict(classes=...)'
        )


def _classes(metainfo: Any) -> tuple[str, ...]:
    found = metainfo.get('classes') if isinstance(metainfo, Mapping) else None
    if found is None:
        raise ConfigError(
            "the dataset names no classes; set metainfo=dict(classes=('name', ...)) in it, in "
            'the order of the labels'
        )
    names = _names('metainfo classes', found)
    twice = sorted({name for name in names if names.count(name) > 1})
    if not names or twice:
        what = f'name {", ".join(map(repr, twice))} twice' if twice else 'are empty'
        raise ConfigError(f'metainfo classes {what}')
    return names


def _names(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ConfigError(f'{key} is the text {value!r}; write a single name as ({value!r},)')
    if not isinstance(value, Sequence) or not all(isinstance(name, str) for name in value):
        raise ConfigError(f'{key} must be a tuple or list of names, got {value!r}')
    return tuple(value)
