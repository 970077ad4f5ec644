"""The splits of a run, compared before anything is trained, and put on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.datasets.voc_files import IMAGE_SUFFIXES, FilesById
from mmholdout.datasets.voc_lists import read_ids
from mmholdout.errors import DataError
from mmholdout.runner.parts import Words, leaves
from mmholdout.splits.overlap import shared_files, shared_ids
from mmholdout.splits.record import write_splits


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


def check_separation(datasets: dict[str, Any], test_dataset: Words | None, record: Path) -> None:
    """Compare the splits and write splits.json (`record`)."""
    write_splits(record, compare_splits(datasets, test_dataset))


def listed_ids(dataset: Words) -> list[str]:
    """The ids in the lists of a split, without opening anything else; none if not listed."""
    return [i for leaf in leaves(dataset) for i in _listed(leaf)]


def listed_images(dataset: Words) -> dict[str, Path]:
    """Id -> image file of a listed split in VOC layout; ids without a file are left out."""
    found: dict[str, Path] = {}
    for leaf in leaves(dataset):
        prefix = (leaf.get('data_prefix') or {}).get('sub_data_root', '')
        folder = Path(leaf.get('data_root') or '') / prefix / leaf.get('img_subdir', 'JPEGImages')
        files = FilesById(folder, IMAGE_SUFFIXES)
        found |= {i: paths[0] for i in _listed(leaf) if (paths := files.find(i))}
    return found


def image_paths(dataset: Any) -> dict[Any, str]:
    """Image id -> path of the image, in dataset order."""
    infos = (dataset.get_data_info(i) for i in range(len(dataset)))
    return {info['img_id']: info['img_path'] for info in infos}


def _listed(leaf: Words) -> list[str]:
    path = Path(leaf.get('data_root') or '') / leaf.get('ann_file', '')
    return read_ids(path) if path.is_file() and path.suffix == '.txt' else []
