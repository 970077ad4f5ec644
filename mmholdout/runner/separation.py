"""The splits of a run, compared before anything is trained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.voc_files import IMAGE_SUFFIXES, FilesById
from mmholdout.datasets.voc_lists import read_ids
from mmholdout.datasets.voc_places import VOCPlaces
from mmholdout.errors import DataError
from mmholdout.runner.data_present import is_voc
from mmholdout.runner.parts import Words, leaves
from mmholdout.splits.overlap import shared_files, shared_ids


def compare_splits(datasets: dict[str, Any], test_dataset: Words | None) -> dict[str, list[Any]]:
    """Refuse splits that share an image; gives the ids of each split.

    Args:
        datasets: 'train' and 'val', built.
        test_dataset: the words of the test split, of which the list of ids and the bytes of
            its images are read and nothing else: no test label is opened in training.

    Raises:
        DataError: ids or files in two splits at once.
    """
    images = {split: image_paths(dataset) for split, dataset in datasets.items()}
    ids = {split: list(paths) for split, paths in images.items()}
    if test_dataset is not None:
        ids['test'] = listed_ids(test_dataset)
        images['test'] = listed_images(test_dataset)
    problems = shared_ids(ids) or shared_files(images)
    if problems:
        raise DataError(problems)
    return ids


def listed_ids(dataset: Words) -> list[str]:
    """The ids in the lists of a split, without opening anything else; none if not listed."""
    found = (one for leaf in leaves(dataset) for one in _listed(leaf))
    return list(dict.fromkeys(prefix + i for _, prefix, ids in found for i in ids))


def listed_images(dataset: Words) -> dict[str, Path]:
    """Id -> image file of a listed split in VOC layout; ids without a file are left out."""
    images: dict[str, Path] = {}
    for leaf in leaves(dataset):
        for folder, prefix, ids in _listed(leaf):
            files = FilesById(folder, IMAGE_SUFFIXES)
            images |= {prefix + i: paths[0] for i in ids if (paths := files.find(i))}
    return images


def image_paths(dataset: Any) -> dict[Any, str]:
    """Image id -> path of the image, in dataset order."""
    infos = (dataset.get_data_info(i) for i in range(len(dataset)))
    return {info['img_id']: info['img_path'] for info in infos}


def _listed(leaf: Words) -> Iterator[tuple[Path, str, list[str]]]:
    """Of each list of ids that is there: the folder of its images, its ids' prefix, its ids."""
    places = VOCPlaces.of(leaf)
    part = DrawnPart.of(leaf.get('part') or {})
    for root in places.roots:
        if root.list_path.is_file() and (is_voc(leaf) or root.list_path.suffix == '.txt'):
            ids = [i for i in read_ids(root.list_path) if part.holds(root.prefix + i)]
            yield root.folder / places.img_subdir, root.prefix, ids
