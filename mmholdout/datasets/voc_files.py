"""Files of a folder by image id, from one listing."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

IMAGE_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp')
ANNOTATION_SUFFIXES = ('.xml',)


class FilesById:
    """Finds `<id><suffix>`; suffixes count in any case, the id is exact and may hold dots.

    An id may name a subfolder (`2012/000001`); each folder is listed once.

    Args:
        folder: to look in; must exist.
        suffixes: in lower case.
    """

    def __init__(self, folder: Path, suffixes: Sequence[str]) -> None:
        self.folder, self.suffixes = folder, tuple(suffixes)
        self._listed: dict[str, dict[str, list[Path]]] = {}

    def find(self, img_id: str) -> list[Path]:
        """The files of an id, in order of their names; usually one."""
        parent, name = _split(img_id)
        return sorted(self._listing(parent).get(name, []))

    def hint(self, img_id: str) -> str:
        """Why an id without a file may have none, with a leading blank; '' if unknown."""
        parent, name = _split(img_id)
        for suffix in (*IMAGE_SUFFIXES, *ANNOTATION_SUFFIXES):
            if name.lower().endswith(suffix) and self.find(img_id[: -len(suffix)]):
                return f' (an id has no extension: {img_id[: -len(suffix)]!r} is there)'
        for other in self._listing(parent):
            if other.lower() == name.lower():
                return f' (capitals count: {other!r} is there)'
        return ''

    def _listing(self, parent: str) -> dict[str, list[Path]]:
        if parent not in self._listed:
            found: dict[str, list[Path]] = defaultdict(list)
            folder = self.folder / parent
            for name in os.listdir(folder) if folder.is_dir() else ():  # noqa: PTH208 - quicker
                for suffix in self.suffixes:
                    if name.lower().endswith(suffix):
                        found[name[: -len(suffix)]].append(folder / name)
            self._listed[parent] = dict(found)
        return self._listed[parent]


def _split(img_id: str) -> tuple[str, str]:
    if '/' not in img_id:
        return '.', img_id
    path = PurePosixPath(img_id)
    return str(path.parent), path.name
