"""Which images a split holds: ids and files, without a label of the test split."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmholdout.datasets.checked import Listed
from mmholdout.datasets.voc import VOCDataset
from mmholdout.runner.data_present import reader_of
from mmholdout.runner.digests_file import digests_of
from mmholdout.runner.parts import Words, leaves
from mmholdout.splits.groups import groups_of


@dataclass(frozen=True)
class SplitImages:
    """The images of one split.

    Attributes:
        ids: in the order of the split.
        paths: name -> file, in the same order. The name is the id; where two images of a split
            have one id, that of the second has its path besides.
        unseen: why some or all of the split is not compared; '' where nothing is left out.
        roots: folders within which its ids are names of files; None where they are not.
    """

    ids: list[Hashable] = field(default_factory=list)
    paths: dict[Hashable, Path | str] = field(default_factory=dict)
    unseen: str = ''
    roots: frozenset[str] | None = None


Splits = Mapping[str, SplitImages]


def images_of_dataset(dataset: Any, words: Words) -> SplitImages:
    """Of a split that has been read.

    Args:
        dataset: built.
        words: from which it was built.
    """
    kind = str(words.get('type'))
    if not hasattr(dataset, 'get_data_info'):
        return SplitImages(unseen=f'{kind} does not say which images it holds')
    found, silent = [], 0
    for i in range(len(dataset)):
        info = dataset.get_data_info(i)
        path = info.get('img_path')
        silent += path is None
        if path is not None:
            found.append((info.get('img_id', str(path)), path))
    unseen = f'{kind} names no file for {silent} of its images' if silent else ''
    return SplitImages(*_named(found), unseen, _roots(words))


def images_of_words(words: Words) -> SplitImages:
    """Of a split that is only listed; an id without an image has the path where it would be."""
    found: list[tuple[Hashable, Path | str]] = []
    unseen = ''
    for leaf in leaves(words):
        listed = list(_listed(leaf))
        found += [(i, path) for i, path, _ in listed]
        if not listed:
            unseen = f'{leaf.get("type")} lists no ids here ({leaf.get("ann_file")!r})'
    return SplitImages(*_named(found), unseen, _roots(words))


def listed_ids(dataset: Words) -> list[Hashable]:
    """The ids in the lists of a split, without opening anything else; none if not listed."""
    found = (i for leaf in leaves(dataset) for i, _, _ in _listed(leaf))
    return list(dict.fromkeys(found))


def listed_images(dataset: Words) -> dict[Hashable, Path]:
    """Id -> image file of a listed split; ids without a file are left out."""
    found = (one for leaf in leaves(dataset) for one in _listed(leaf))
    return {i: path for i, path, there in found if there}


def image_paths(dataset: Any) -> dict[Any, str]:
    """Image id -> path of the image, in dataset order."""
    infos = (dataset.get_data_info(i) for i in range(len(dataset)))
    return {info['img_id']: info['img_path'] for info in infos}


def ids_are_comparable(splits: Splits) -> bool:
    """Whether one id means one image: all of them are names below one folder."""
    roots = {split.roots for split in splits.values() if split.ids}
    return len(roots) == 1 and len(next(iter(roots)) or ()) == 1


def digest_cache(splits: Splits) -> Path | None:
    """Where the digests of these images are kept; None where there is no place or no image."""
    folders = (str(Path(path).parent) for s in splits.values() for path in s.paths.values())
    first = min(folders, default=None)
    return None if first is None else digests_of(Path(first))


def group_mapping(splits: Splits, pattern: str | None) -> dict[str, str] | None:
    """Name of each image -> its group; None without a pattern.

    Where ids are numbers, the pattern is searched in the path instead.

    Raises:
        DataError: images without a group.
    """
    if pattern is None:
        return None
    texts = {
        str(name): image_id if isinstance(image_id, str) else str(path)
        for one in splits.values()
        for image_id, (name, path) in zip(one.ids, one.paths.items(), strict=True)
    }
    groups = groups_of(texts.values(), pattern)
    return {name: groups[text] for name, text in texts.items()}


def _listed(leaf: Words) -> list[Listed]:
    """All of a dataset's lists that are there."""
    found = list(_of_lists(leaf))
    chosen = leaf.get('indices')
    if isinstance(chosen, int) and not isinstance(chosen, bool):
        return found[:chosen] if chosen >= 0 else found[chosen:]
    if isinstance(chosen, list | tuple):
        return [found[i] for i in chosen if -len(found) <= i < len(found)]
    return found


def _of_lists(leaf: Words) -> Iterator[Listed]:
    if reader := reader_of(leaf):
        yield from reader.listed(leaf)
    elif isinstance(leaf.get('ann_file'), str) and leaf['ann_file'].endswith('.txt'):
        yield from VOCDataset.listed(leaf)  # a list of ids, whoever reads it


def _named(
    found: list[tuple[Hashable, Path | str]],
) -> tuple[list[Hashable], dict[Hashable, Path | str]]:
    ids: list[Hashable] = []
    paths: dict[Hashable, Path | str] = {}
    for image_id, path in found:
        name = image_id
        if str(paths.get(name, path)) != str(path):
            name = f'{image_id} ({path})'
        if name not in paths:
            ids.append(image_id)
            paths[name] = path
    return ids, paths


def _roots(words: Words) -> frozenset[str] | None:
    folders = [r.ids_below(leaf) if (r := reader_of(leaf)) else None for leaf in leaves(words)]
    found = [os.path.realpath(folder) for folder in folders if folder is not None]
    return frozenset(found) if len(found) == len(folders) else None
