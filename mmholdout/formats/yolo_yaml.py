"""`data.yaml` of a set in YOLO's format: names of classes, and where each split's images are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mmholdout.errors import DataError
from mmholdout.formats.found import Found, shown

SPLITS = ('train', 'val', 'test')
_OTHER_NAMES = {'val': ('val', 'valid', 'validation')}
_MOST_BYTES = 4 << 20
_MOVED = 'places in data.yaml that are not there, found elsewhere'


@dataclass(frozen=True)
class YOLOData:
    """What the file says.

    Attributes:
        names: of the classes in label order.
        base: the folder that its places are below.
        splits: 'train', 'val', 'test' -> files (lists of images) and folders of images, as far as
            the file names them; they need not exist.
        found: places that were mended.
    """

    names: tuple[str, ...]
    base: Path
    splits: dict[str, tuple[Path, ...]]
    found: Found


def read_yolo_yaml(path: Path) -> YOLOData:
    """Read `names`, `nc`, `path`, `train`, `val` and `test`; other keys are not looked at.

    `path` is the folder of the data, relative to that of the file. Exporters often write one that
    is not there, or begin the places of the splits with one `../` too many: then the folder of
    the file counts, and `found` says so.

    Raises:
        DataError: not there, no YAML, and all that is wrong with its keys.
    """
    content = _content(path)
    found, problems = Found(), []
    names, said = _names(content.get('names'))
    problems += said
    number = content.get('nc')
    if names and number is not None and number != len(names):
        problems.append(f'nc is {shown(number)}, but names has {len(names)}: {", ".join(names)}')
    base, said = _base(path.parent, content.get('path'), found)
    problems += said
    splits = {}
    for split in SPLITS:
        given = [content[key] for key in _OTHER_NAMES.get(split, (split,)) if content.get(key)]
        if len(given) > 1:
            problems.append(f'{split} is named twice: {", ".join(_OTHER_NAMES[split])}')
        for value in given[:1]:
            entries = value if isinstance(value, list) else [value]
            wrong = [entry for entry in entries if not isinstance(entry, str) or not entry]
            if wrong:
                problems.append(f'{split} holds {shown(wrong[0])}, which is no folder and no file')
            else:
                places = (_place(entry, base, path.parent, found) for entry in entries)
                splits[split] = tuple(places)
    if problems:
        raise DataError([f'{path}: {problem}' for problem in problems])
    return YOLOData(names, base, splits, found)


def _content(path: Path) -> dict[str, Any]:
    try:
        with path.open('rb') as file:
            text = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise DataError(f'cannot read {path}: {error.strerror or error}') from error
    if len(text) > _MOST_BYTES:
        raise DataError(f'{path}: refused, it is larger than {_MOST_BYTES >> 20} MiB')
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise DataError(f'{path} is no valid YAML: {" ".join(str(error).split())}') from error
    if not isinstance(content, dict):
        raise DataError(f'{path} holds {shown(content)}; keys names, train and val are needed')
    return content


def _names(given: Any) -> tuple[tuple[str, ...], list[str]]:
    """Names in label order, and what is wrong with them."""
    if isinstance(given, dict):
        numbers = list(given)
        if sorted(map(str, numbers)) != sorted(map(str, range(len(numbers)))):
            return (), [f'the keys of names are {shown(numbers)}; they must be 0, 1, 2, ...']
        ordered = {int(number): name for number, name in given.items()}
        given = [ordered[number] for number in range(len(ordered))]
    if not isinstance(given, list) or not given:
        return (), [f'names is {shown(given)}; a list of class names is needed']
    # A name such as 3 or `no` is a number or a truth value in YAML.
    wrong = [name for name in given if not isinstance(name, str | int) or isinstance(name, bool)]
    if wrong:
        return (), [f'names holds {shown(wrong[0])}, which is no text; put it into quotes']
    names = tuple(str(name).strip() for name in given)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or '' in names:
        return (), [f'names holds {", ".join(map(repr, twice)) or "an empty text"} more than once']
    return names, []


def _base(folder: Path, given: Any, found: Found) -> tuple[Path, list[str]]:
    folder = _join(folder, '.')
    if given is None or given == '':
        return folder, []
    if not isinstance(given, str):
        return folder, [f'path is {shown(given)}; the folder of the data is needed']
    base = _join(folder, given)
    if base.is_dir():
        return base, []
    found.notice(_MOVED, f'path: {given!r}, taken: {folder}')
    return folder, []


def _place(given: str, base: Path, folder: Path, found: Found) -> Path:
    """The first of some candidates that is there; else the one that is written."""
    first = _join(base, given)
    for candidate in (first, *_elsewhere(given, base, folder)):
        if candidate.exists():
            if candidate != first:
                found.notice(_MOVED, f'{given!r}, taken: {candidate}')
            return candidate
    return first


def _elsewhere(given: str, base: Path, folder: Path) -> Iterator[Path]:
    if base != folder:
        yield _join(folder, given)
    parts = [part for part in given.replace('\\', '/').split('/') if part]
    if parts[:1] == ['..']:
        yield _join(folder, '/'.join(parts[1:]))


def _join(folder: Path, given: str) -> Path:
    """Also for a Windows machine's backslashes; `..` is resolved as text."""
    if '\\' in given and not re.match(r'[A-Za-z]:|\\\\', given):
        given = given.replace('\\', '/')
    return Path(posixpath.normpath((folder / given).as_posix()))
