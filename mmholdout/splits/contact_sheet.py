"""A picture of the pairs found, side by side, for a person to judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from mmholdout.errors import DataError
from mmholdout.history.atomic import write_bytes
from mmholdout.splits.duplicate_report import NearDuplicate, plain
from mmholdout.splits.pixels import Image, decode

_SIDE = 240  # pixels of the square an image is fitted into
_GAP = 8
_CAPTION = 34  # pixels: two lines
_PAPER, _INK = 255, 0
_FONT, _SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.36
_WIDTH = 2 * _SIDE + 3 * _GAP


def write_contact_sheet(path: Path | str, pairs: Sequence[NearDuplicate], most: int = 40) -> int:
    """Write a PNG of the first `most` pairs, two columns of pairs; gives how many are on it.

    A picture that cannot be read is a grey square. Names are drawn as plain ASCII; other
    characters become question marks. Nothing is written, and 0 given, where there are no pairs.

    Raises:
        OSError: the folder does not exist or cannot be written.
    """
    shown = pairs[:most]
    if not shown:
        return 0
    cells = [_cell(pair) for pair in shown]
    if len(cells) % 2 and len(cells) > 1:
        cells.append(np.full_like(cells[0], _PAPER))
    columns = min(2, len(cells))
    rows = [np.hstack(cells[i : i + columns]) for i in range(0, len(cells), columns)]
    _, data = cv2.imencode('.png', np.vstack(rows))
    write_bytes(path, data.tobytes())
    return len(shown)


def _cell(pair: NearDuplicate) -> Image:
    cell = np.full((_SIDE + _CAPTION + 2 * _GAP, _WIDTH, 3), _PAPER, np.uint8)
    ends = ((pair.first_path, _GAP), (pair.second_path, _SIDE + 2 * _GAP))
    for path, left in ends:
        cell[_GAP : _GAP + _SIDE, left : left + _SIDE] = _thumbnail(path)
    first = f'{pair.first_split} {pair.first_id}'.strip()
    second = f'{pair.second_split} {pair.second_id}'.strip()
    base = _GAP + _SIDE + 13
    _write(cell, first, _GAP, base, _SIDE)
    _write(cell, second, _SIDE + 2 * _GAP, base, _SIDE)
    evidence = f' ({pair.verdict.evidence()})' if pair.verdict else ''
    _write(cell, pair.kind + evidence, _GAP, base + 15, _WIDTH - 2 * _GAP)
    return cell


def _thumbnail(path: str) -> Image:
    square = np.full((_SIDE, _SIDE, 3), 200, np.uint8)
    try:
        image = decode(Path(path).read_bytes(), path)
    except (OSError, DataError):
        return square
    scale = _SIDE / max(image.shape[:2])
    width, height = (max(1, round(side * scale)) for side in image.shape[1::-1])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    top, left = (_SIDE - height) // 2, (_SIDE - width) // 2
    square[top : top + height, left : left + width] = small
    return square


def _write(cell: Image, text: str, left: int, base: int, room: int) -> None:
    """One line, its middle cut out where it is longer than `room` pixels."""
    text = plain(text[:400]).encode('ascii', 'replace').decode()
    shown, kept = text, len(text)
    while cv2.getTextSize(shown, _FONT, _SIZE, 1)[0][0] > room and kept > 2:
        kept -= 1
        shown = f'{text[: kept // 2]}..{text[len(text) - (kept - kept // 2) :]}'
    cv2.putText(cell, shown, (left, base), _FONT, _SIZE, (_INK,) * 3, 1, cv2.LINE_AA)
