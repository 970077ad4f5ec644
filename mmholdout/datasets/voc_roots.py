"""The lists of a VOC split, each with the folder that its ids are in."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.errors import ConfigError


@dataclass(frozen=True)
class VOCRoot:
    """One list of ids and the folder above its images and annotations.

    `listed` is the list as the config names it. `prefix` is put before each of its ids: '' or
    `sub_data_root` and a slash.
    """

    listed: str
    list_path: Path
    folder: Path
    prefix: str


def voc_roots(
    data_root: str | None, ann_file: Any, data_prefix: Mapping[str, Any] | None
) -> list[VOCRoot]:
    """Pair the lists of a dataset with their folders, in the order of the config.

    An id is the image's path below `data_root` without `JPEGImages/` and the extension:
    `000012` where `sub_data_root` is empty, else `VOC2007/000012`. So ids are unique in a dataset
    of several roots, and one image has one id in every split that is below one `data_root`.

    Args:
        data_root: the folder above everything; '' or None for the working directory.
        ann_file: one list or several, relative to `data_root`.
        data_prefix: its `sub_data_root` is one folder for all lists, or one for each.

    Raises:
        ConfigError: no texts, or numbers of lists and folders that do not fit together.
    """
    lists = _texts('ann_file', ann_file)
    folders = _texts('data_prefix.sub_data_root', (data_prefix or {}).get('sub_data_root', ''))
    if len(folders) == 1:
        folders *= len(lists)
    if len(lists) != len(folders):
        raise ConfigError(
            f'ann_file names {len(lists)} lists and data_prefix.sub_data_root {len(folders)} '
            'folders; give one folder for each list, in the same order, or one folder for all'
        )
    root = Path(data_root or '')
    return [
        VOCRoot(listed, root / listed, root / folder, _prefix(folder))
        for listed, folder in zip(lists, folders)
    ]


def _prefix(folder: str) -> str:
    normal = posixpath.normpath(folder.replace('\\', '/')) if folder else '.'
    return '' if normal == '.' else f'{normal.rstrip("/")}/'


def _texts(key: str, value: Any) -> list[str]:
    values = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if not values or not all(isinstance(one, str | Path) for one in values):
        raise ConfigError(f'{key} must be a text or a list of texts, got {value!r}')
    return [str(one) for one in values]
