"""The labels of one image in YOLO's format: a line for each object."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from mmholdout.errors import DataError
from mmholdout.formats.records import Box

MOST_SHARE = 2.0  # above it a coordinate is no share of a side but, most likely, pixels
_SHOWN = 60
_MOST_PROBLEMS = 20
_MOST_BYTES = 16 << 20
_SNAP = 1e-6  # of a side: what six decimals lose at a border


@dataclass(frozen=True)
class YOLOObject:
    """One line: label, and xyxy in shares of width and height; `outline`: it was a polygon."""

    label: int
    shares: Box
    outline: bool = False

    def box(self, width: int, height: int) -> Box:
        """Corners (xyxy) in continuous pixels of an image of that size.

        Shares are decimals cut off, so that pixels are rounded to a millionth, and what is beyond
        a border by less than six decimals of a share can tell is on it.
        """
        x1, y1, x2, y2 = self.shares
        return (
            _pixels(x1, width),
            _pixels(y1, height),
            _pixels(x2, width),
            _pixels(y2, height),
        )


def read_labels(path: Path) -> list[YOLOObject]:
    """Lines `label x_centre y_centre width height`, in shares of the image's sides.

    Or `label x1 y1 x2 y2 x3 y3 ...`, a polygon, of which the box around it counts.

    Raises:
        DataError: every line that is neither.
    """
    try:
        with path.open('rb') as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode('utf-8-sig')
    except OSError as error:
        raise DataError(f'{path}: cannot be read: {error.strerror or error}') from error
    except UnicodeDecodeError as error:
        raise DataError(f'{path} is not UTF-8 text: {error}') from error
    if len(content) > _MOST_BYTES:
        raise DataError(f'{path}: refused, it is larger than {_MOST_BYTES >> 20} MiB')
    objects, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                objects.append(_object(line.split()))
            except ValueError as error:
                cut = line.strip()[:_SHOWN] + ('…' if len(line.strip()) > _SHOWN else '')
                problems.append(f'{path} line {number} ({cut}): {error}')
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        rest = [f'{path}: and {more} lines more'] if more > 0 else []
        raise DataError(problems[:_MOST_PROBLEMS] + rest)
    return objects


def _object(words: list[str]) -> YOLOObject:
    try:
        first, *rest = map(float, words)
    except ValueError:
        raise ValueError('a word that is no number') from None
    if first != first or first < 0 or first != math.floor(first) or first > 1e9:
        raise ValueError('the label is no whole number from 0')
    far = [share for share in rest if abs(share) > MOST_SHARE]
    if far:
        raise ValueError(f'{far[0]:g} is no share of the image; are these pixels?')
    if len(rest) == 4:
        x, y, width, height = rest
        sides = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        return YOLOObject(int(first), sides)
    if len(rest) >= 6 and len(rest) % 2 == 0:
        xs, ys = rest[::2], rest[1::2]
        return YOLOObject(int(first), (min(xs), min(ys), max(xs), max(ys)), outline=True)
    if len(rest) == 5:
        raise ValueError('six numbers; a label has five, a prediction with its score six')
    raise ValueError(f'{len(words)} numbers; a box has five, a polygon seven or more, and odd')


def _pixels(share: float, side: int) -> float:
    if not math.isfinite(share):
        return share
    if abs(share) <= _SNAP:
        return 0.0
    if abs(share - 1) <= _SNAP:
        return float(side)
    return round(share * side, 6)
