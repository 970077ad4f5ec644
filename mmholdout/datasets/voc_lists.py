"""The list of image ids of a split (`ImageSets/Main/*.txt`)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mmholdout.errors import DataError

SHOWN = 10


@dataclass(frozen=True)
class IdList:
    """Ids in the order of the file, every id once.

    `repeated` says how often an id that occurs more than once is listed; `per_class` whether
    the lines carry VOC's class flag, which is not part of the id.
    """

    ids: tuple[str, ...]
    repeated: dict[str, int]
    per_class: bool


def read_ids(path: str | Path) -> list[str]:
    """The ids of a list, every id once; see `read_list`."""
    return list(read_list(path).ids)


def read_list(path: str | Path) -> IdList:
    """Read one id a line; blank lines, a byte order mark and CRLF are accepted.

    VOC's per-class lists (`000012 -1`, `000017  1`) are recognised when every line ends in a
    flag -1, 0 or 1: such a list names all images of its split, so every id is taken whatever
    its flag. In any other file the line is the id, blanks within it included.

    Raises:
        DataError: not there, not UTF-8 text, or ids that would lead out of the data folder.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding='utf-8-sig')
    except OSError as error:
        raise DataError(f'cannot read the list of images {path}: {error.strerror}') from error
    except UnicodeDecodeError as error:
        raise DataError(f'the list of images {path} is not UTF-8 text: {error}') from error
    lines = [(n, line.strip()) for n, line in enumerate(re.split(r'\r\n|\r|\n', text), 1)]
    lines = [(n, line) for n, line in lines if line]
    flagged = _without_flags([line for _, line in lines])
    ids = flagged or [line for _, line in lines]
    wrong = [(n, i) for (n, _), i in zip(lines, ids) if _leads_out(i)]
    if wrong:
        rest = f' and {len(wrong) - SHOWN} more' if len(wrong) > SHOWN else ''
        named = ', '.join(f'line {n}: {i!r}' for n, i in wrong[:SHOWN])
        raise DataError(
            f'{path} lists what is no id of an image inside the data folder: {named}{rest}. An '
            'id is the file name without its extension; an absolute path, ".." and a backslash '
            'are refused'
        )
    counts = Counter(ids)
    repeated = {i: count for i, count in counts.items() if count > 1}
    return IdList(tuple(counts), repeated, per_class=bool(flagged))


_FLAG = re.compile(r'(.*\S)\s+(-1|0|1)')


def _without_flags(lines: list[str]) -> list[str]:
    """The ids of a per-class list; [] where the lines are something else."""
    found = [_FLAG.fullmatch(line) for line in lines]
    pairs = {(m[1], m[2]) for m in found if m}
    # `frame 0` and `frame 1` are two images; no class is both in and not in an image.
    if not all(found) or len({name for name, _ in pairs}) < len(pairs):
        return []
    return [m[1] for m in found if m]


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        '\\' in name
        or '\0' in name
        or path.is_absolute()
        or '..' in path.parts
        or re.match(r'[A-Za-z]:', name) is not None
    )
