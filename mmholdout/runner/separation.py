"""The splits of a run, compared before anything is trained, and put on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.datasets.voc_lists import read_ids
from mmholdout.errors import DataError
from mmholdout.runner.parts import Words, leaves
from mmholdout.splits.overlap import shared_files, shared_ids
from mmholdout.splits.record import write_splits


def check_separation(
    datasets: dict[str, Any], test_dataset: Words | None, record: Path
) -> list[str]:
    """Refuse splits that share an image; write splits.json.

    Args:
        datasets: 'train' and 'val', built.
        test_dataset: the words of the test split, of which only the list of ids is read: no
            test label is opened in training.
        record: where splits.json goes.

    Raises:
        DataError: ids or files in two splits at once.
    """
    images = {split: image_paths(dataset) for split, dataset in datasets.items()}
    ids = {split: list(paths) for split, paths in images.items()}
    if test_dataset is not None:
        listed = [i for leaf in leaves(test_dataset) for i in _listed(leaf)]
        if listed:
            ids['test'] = listed
    problems = shared_ids(ids)
    if not problems:
        problems = shared_files(images)
    if problems:
        raise DataError(problems)
    write_splits(record, ids)
    return problems


def image_paths(dataset: Any) -> dict[Any, str]:
    """Image id -> path of the image, in dataset order."""
    infos = (dataset.get_data_info(i) for i in range(len(dataset)))
    return {info['img_id']: info['img_path'] for info in infos}


def _listed(leaf: Words) -> list[str]:
    path = Path(leaf.get('data_root') or '') / leaf.get('ann_file', '')
    return read_ids(path) if path.is_file() and path.suffix == '.txt' else []
