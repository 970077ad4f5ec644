"""Which files the labels of a split come from, by its config alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.voc import VOCDataset
from mmholdout.datasets.voc_files import ANNOTATION_SUFFIXES, FilesById
from mmholdout.datasets.voc_lists import read_ids
from mmholdout.datasets.voc_places import VOCPlaces
from mmholdout.errors import DataError
from mmholdout.registry import DATASETS
from mmholdout.runner.parts import Words, leaves


def annotation_files(words: Words) -> dict[str, Path]:
    """Name -> file, lists of ids included; empty where the config does not say.

    The name is the path below `data_root`, so that it stays when the data are moved. Of datasets
    that are joined, a name that a second one has too gets a number. No label is read.

    Args:
        words: of a dataset; in VOC's layout, or with one `ann_file`, or wrappers around those.
    """
    files: dict[str, Path] = {}
    for leaf in leaves(words):
        kind = DATASETS.get(str(leaf.get('type')))
        voc = isinstance(kind, type) and issubclass(kind, VOCDataset)
        for path in _voc_files(leaf) if voc else _one_file(leaf):
            name = unique = _name(path, str(leaf.get('data_root') or ''))
            number = 1
            while files.get(unique, path) != path:
                number += 1
                unique = f'{name}#{number}'
            files[unique] = path
    return files


def _voc_files(leaf: Words) -> Iterator[Path]:
    places, part = VOCPlaces.of(leaf), DrawnPart.of(leaf.get('part') or {})
    for root in places.roots:
        yield root.list_path
        if not root.list_path.is_file():
            continue
        try:
            ids = read_ids(root.list_path)
        except DataError:  # the list itself is a file too, and that it is damaged shows by it
            continue
        found = FilesById(root.folder / places.ann_subdir, ANNOTATION_SUFFIXES)
        for image_id in ids:
            if part.holds(root.prefix + image_id):
                yield from found.find(image_id)


def _one_file(leaf: Words) -> Iterator[Path]:
    named = leaf.get('ann_file')
    if isinstance(named, str) and named:
        yield Path(leaf.get('data_root') or '') / named


def _name(path: Path, data_root: str) -> str:
    try:
        return path.relative_to(data_root).as_posix()
    except ValueError:
        return path.as_posix()
