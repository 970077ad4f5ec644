"""What data need on disk, and one message about all that is not there."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from mmholdout.errors import DataError

LOOKED_INTO = 100  # neighbouring folders
LIST = 'list'
Missing = dict[tuple[str, Path], list[str]]  # what a place is for, and where -> splits


class Places(Protocol):
    """The places of one dataset; hashable, and equal where the same files are read."""

    @property
    @abstractmethod
    def data_root(self) -> str:
        """The folder above everything, as the config names it."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """The lists, as a report is headed."""

    @abstractmethod
    def needed(self) -> list[tuple[str, Path, bool]]:
        """What each place is for, where it is, and whether it is a folder."""

    @abstractmethod
    def unnamed(self, split: str) -> str:
        """Why the words of a split ('' where it is not known) name no files; '' where they do."""

    @abstractmethod
    def remedies(self, missing: list[Path]) -> list[str]:
        """Sentences on how to get what is missing."""


def require_places(datasets: Iterable[tuple[str, Places]]) -> None:
    """Check that all files and folders of several datasets are there.

    Args:
        datasets: name of the split ('' where it is not known) and its places.

    Raises:
        DataError: one problem for each `data_root`, with everything that is missing below it,
            where it was looked for and how to get it.
    """
    unlisted: list[str] = []
    by_root: dict[str, tuple[Places, Missing]] = {}
    for split, places in datasets:
        if unnamed := places.unnamed(split):
            unlisted.append(unnamed)
            continue
        _, missing = by_root.setdefault(places.data_root, (places, {}))
        for what, path, is_folder in places.needed():
            if not (path.is_dir() if is_folder else path.is_file()):
                splits = missing.setdefault((what, path), [])
                splits += [split] if split and split not in splits else []
    problems = unlisted + [_problem(places, lack) for places, lack in by_root.values() if lack]
    if problems:
        raise DataError(problems)


def _problem(places: Places, missing: Missing) -> str:
    data_root = places.data_root
    root = Path(data_root or '.')
    if root.is_dir():
        first = f'missing below data_root {data_root!r} (looked in {root.absolute()}):'
    else:
        first = f'data_root {data_root!r} is no folder (looked for {root.absolute()}). Missing:'
    lines = [first]
    for (what, path), splits in missing.items():
        of = f' of {", ".join(splits)}' if splits else ''
        slash = '' if what == LIST else '/'
        lines.append(f'  {_shown(path, root)}{slash} ({what}{of})')
    paths = [path for _, path in missing]
    return '\n'.join([*lines, *_remedies(root, paths), *places.remedies(paths)])


def _remedies(root: Path, missing: list[Path]) -> list[str]:
    lines = ['Set data_root in the config, or give --cfg-options data_root=PATH.']
    if other := _elsewhere(root, missing):
        lines.insert(0, f'All of it is in {other}: give --cfg-options data_root={other}')
    return lines


def _elsewhere(root: Path, missing: list[Path]) -> Path | None:
    """A folder beside, above or inside the root in which nothing would be missing."""
    if not all(path.is_relative_to(root) for path in missing):
        return None
    names = [path.relative_to(root) for path in missing]
    for candidate in [root.parent, *_subfolders(root), *_subfolders(root.parent)]:
        if candidate != root and all((candidate / name).exists() for name in names):
            return candidate
    return None


def _subfolders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            found = [Path(e.path) for e, _ in zip(entries, range(LOOKED_INTO)) if e.is_dir()]
    except OSError:
        return []
    return sorted(found)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
