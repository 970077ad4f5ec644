"""Where a folder in COCO's format keeps its splits, as its usual writers lay them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.errors import DataError
from mmholdout.formats.coco_file import read_images

SPLITS = {'train': ('train',), 'val': ('val', 'valid'), 'test': ('test',)}
_YEARS = ('', '2017', '2014')


def coco_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """Split -> `ann_file` and `data_prefix`; empty where there is no annotation file.

    Found: `annotations/train.json`, `annotations/instances_train2017.json` (of one year) and
    `train/_annotations.coco.json`. The images are in the first of some usual folders that has
    that of the file's first entry.

    Raises:
        DataError: several files for one split, or a file whose images are nowhere.
    """
    found: dict[str, dict[str, Any]] = {}
    problems = []
    for split, names in SPLITS.items():
        files = [path for path in _candidates(names) if (folder / path).is_file()]
        if len(files) > 1:
            problems.append(
                f'{folder} has several annotation files for {split}: {", ".join(files)}. Write a '
                'config that names one of them as ann_file, and give that'
            )
        elif files:
            prefix = _images(folder, files[0], names)
            if prefix is None:
                problems.append(
                    f'the images of {folder / files[0]} are not in {folder} nor in its usual '
                    'folders (train, train2017, images/train, images). Write a config with '
                    "data_prefix=dict(img='...'), and give that"
                )
            else:
                found[split] = {'ann_file': files[0], 'data_prefix': {'img': prefix}}
    if problems:
        raise DataError(problems)
    return found


def _candidates(names: tuple[str, ...]) -> list[str]:
    found = []
    for name in names:
        found.append(f'{name}/_annotations.coco.json')
        for year in _YEARS:
            found += [f'annotations/{name}{year}.json', f'annotations/instances_{name}{year}.json']
    return found


def _images(folder: Path, file: str, names: tuple[str, ...]) -> str | None:
    images = read_images(folder / file)
    if not images:
        return ''
    folders = [f'{name}{year}/' for name in names for year in _YEARS]
    folders += [f'images/{one}' for one in folders]
    for prefix in (*folders, 'images/', ''):
        if (folder / prefix / images[0].name).is_file():
            return prefix
    return None
