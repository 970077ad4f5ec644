"""What data in VOC's layout needs on disk, and one message about all that is not there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.datasets.voc_roots import VOCRoot, voc_roots
from mmholdout.errors import DataError

IMAGES, ANNOTATIONS = 'JPEGImages', 'Annotations'
LOOKED_INTO = 100  # neighbouring folders
Missing = dict[tuple[str, Path], list[str]]  # what a place is for, and where -> splits


@dataclass(frozen=True)
class VOCPlaces:
    """The places of one dataset: its roots, and the two subfolders of each."""

    data_root: str
    roots: tuple[VOCRoot, ...]
    img_subdir: str = IMAGES
    ann_subdir: str = ANNOTATIONS

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> VOCPlaces:
        """From the words of a dataset in a config.

        Raises:
            ConfigError: see `voc_roots`.
        """
        data_root = str(words.get('data_root') or '')
        roots = voc_roots(data_root, words.get('ann_file', ''), words.get('data_prefix'))
        return cls(
            data_root,
            tuple(roots),
            words.get('img_subdir', IMAGES),
            words.get('ann_subdir', ANNOTATIONS),
        )

    @property
    def subject(self) -> str:
        """The lists, as a report is headed."""
        return ', '.join(str(root.list_path) for root in self.roots)

    def needed(self) -> list[tuple[str, Path, bool]]:
        """What each place is for, where it is, and whether it is a folder."""
        found: list[tuple[str, Path, bool]] = []
        for root in self.roots:
            found.append(('list', root.list_path, False))
            found.append(('annotations', root.folder / self.ann_subdir, True))
            found.append(('images', root.folder / self.img_subdir, True))
        return list(dict.fromkeys(found))


def require_places(datasets: Iterable[tuple[str, VOCPlaces]]) -> None:
    """Check that all files and folders of several datasets are there.

    Args:
        datasets: name of the split ('' where it is not known) and its places.

    Raises:
        DataError: one problem for each `data_root`, with everything that is missing below it,
            where it was looked for and how to get it.
    """
    unlisted: list[str] = []
    by_root: dict[str, Missing] = {}
    for split, places in datasets:
        if not all(root.listed for root in places.roots):
            of = f' of {split}' if split else ''
            unlisted.append(
                f'the dataset{of} names no list of images: set ann_file, such as '
                f'ImageSets/Main/{split or "train"}.txt'
            )
            continue
        missing = by_root.setdefault(places.data_root, {})
        for what, path, is_folder in places.needed():
            if not (path.is_dir() if is_folder else path.is_file()):
                splits = missing.setdefault((what, path), [])
                splits += [split] if split and split not in splits else []
    problems = unlisted + [_problem(root, lack) for root, lack in by_root.items() if lack]
    if problems:
        raise DataError(problems)


def _problem(data_root: str, missing: Missing) -> str:
    root = Path(data_root or '.')
    if root.is_dir():
        first = f'missing below data_root {data_root!r} (looked in {root.absolute()}):'
    else:
        first = f'data_root {data_root!r} is no folder (looked for {root.absolute()}). Missing:'
    lines = [first]
    for (what, path), splits in missing.items():
        of = f' of {", ".join(splits)}' if splits else ''
        slash = '' if what == 'list' else '/'
        lines.append(f'  {_shown(path, root)}{slash} ({what}{of})')
    return '\n'.join([*lines, *_remedies(root, list(missing))])


def _remedies(root: Path, missing: list[tuple[str, Path]]) -> list[str]:
    lines = ['Set data_root in the config, or give --cfg-options data_root=PATH.']
    if other := _elsewhere(root, [path for _, path in missing]):
        lines.insert(0, f'All of it is in {other}: give --cfg-options data_root={other}')
    if any(re.search(r'VOC20\d\d', str(path)) for _, path in missing):
        lines.append(
            'To fetch and arrange both years: python tools/prepare_data.py voc --out PATH. '
            'By hand: VOCtrainval_06-Nov-2007.tar, VOCtest_06-Nov-2007.tar and '
            'VOCtrainval_11-May-2012.tar (http://host.robots.ox.ac.uk/pascal/VOC/) each unpack '
            'into VOCdevkit/, which is the data_root.'
        )
        lines.append(
            'To try the commands without them: python tools/prepare_data.py stand-in --out PATH'
        )
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
