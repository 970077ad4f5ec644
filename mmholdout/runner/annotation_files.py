"""Which files the labels of a split come from, by its config alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mmholdout.runner.data_present import reader_of
from mmholdout.runner.parts import Words, leaves


def annotation_files(words: Words) -> dict[str, Path]:
    """Name -> file, lists of ids included; empty where the config does not say.

    The name is the path below `data_root`, so that it stays when the data are moved. Of datasets
    that are joined, a name that a second one has too gets a number. No label is read.

    Args:
        words: of a dataset that is ours, or has one `ann_file`, or wrappers around those.
    """
    files: dict[str, Path] = {}
    for leaf in leaves(words):
        reader = reader_of(leaf)
        for path in reader.label_files(leaf) if reader else _one_file(leaf):
            name = unique = _name(path, str(leaf.get('data_root') or ''))
            number = 1
            while files.get(unique, path) != path:
                number += 1
                unique = f'{name}#{number}'
            files[unique] = path
    return files


def _one_file(leaf: Words) -> Iterator[Path]:
    named = leaf.get('ann_file')
    if isinstance(named, str) and named:
        yield Path(leaf.get('data_root') or '') / named


def _name(path: Path, data_root: str) -> str:
    try:
        return path.relative_to(data_root).as_posix()
    except ValueError:
        return path.as_posix()
