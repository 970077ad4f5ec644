"""Which images a split in YOLO's format holds, and where the labels of each are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mmholdout.errors import DataError
from mmholdout.formats.found import Found

SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp')


def images_of(places: tuple[Path, ...], base: Path, found: Found) -> list[Path]:
    """The images of folders, by name, and of lists, in their order; each once.

    Args:
        places: folders, which are read with their subfolders, and lists of one path a line. A
            line that begins with `./` is relative to the folder of its list, another to `base`.
        base: the folder of the data.
        found: gets images that are listed twice, and lines in which no image is named.

    Raises:
        DataError: a list that cannot be read.
    """
    images: dict[Path, None] = {}
    for place in places:
        for path in _in_folder(place) if place.is_dir() else _in_list(place, base, found):
            if path in images:
                found.notice('image listed more than once, taken once', str(path))
            images[path] = None
    return list(images)


def label_path(image: Path) -> Path:
    """The text file of an image: the last folder `images` of its path is `labels`."""
    parts = list(image.parts)
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] == 'images':
            parts[place] = 'labels'
            break
    return Path(*parts).with_suffix('.txt')


def _in_folder(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith('.'):
                yield Path(parent, name)


def _in_list(file: Path, base: Path, found: Found) -> Iterator[Path]:
    try:
        text = file.read_text(encoding='utf-8-sig')
    except OSError as error:
        raise DataError(f'cannot read the list of images {file}: {error.strerror}') from error
    except UnicodeDecodeError as error:
        raise DataError(f'the list of images {file} is not UTF-8 text: {error}') from error
    for number, given in enumerate(text.splitlines(), 1):
        line = given.strip()
        if '\0' in line or (line and not line.lower().endswith(SUFFIXES)):
            known = ', '.join(SUFFIXES)
            found.problem(f'lines that name no image ({known})', f'{file} line {number}: {line!r}')
        elif line:
            line = line.replace('\\', '/')
            folder = file.parent if line.startswith('./') else base
            yield Path(os.path.normpath(folder / line))
