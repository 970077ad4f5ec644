"""From VOC's pixel boxes to continuous boxes inside the image."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

LEAST_SIDE = 1.0  # pixels; below it there is nothing to detect, and a crop or a flip may lose it
Box = tuple[float, float, float, float]


class Remark(Enum):
    """What was found, as it is printed; several boxes may share it."""

    NOT_FINITE = 'box with a side that is no finite number, dropped'
    INVERTED = 'inverted box (max < min), dropped'
    NO_AREA = 'box without area (max = min), dropped'
    OUTSIDE = 'box outside the image, dropped'
    SLIVER = 'box of which less than 1 px in width or height is in the image, dropped'
    ZERO_BASED = (
        'box with xmin or ymin 0, clipped; if the writer counts from 0, set one_based=False'
    )
    CLIPPED = 'box reaching beyond the image, clipped'


@dataclass(frozen=True)
class CleanBox:
    """`bbox` xyxy in continuous pixels, None where it was dropped."""

    bbox: Box | None
    remark: Remark | None = None


def clean_box(box: Box, width: int, height: int, one_based: bool = True) -> CleanBox:
    """Shift, clip to the image, and drop what cannot be a target.

    VOC counts pixels from 1 and includes both ends: [xmin, xmax] covers the pixels xmin..xmax,
    which is the continuous interval [xmin - 1, xmax]. So 1 is taken from the minima and the
    maxima stay; a box around the whole image becomes (0, 0, width, height). With
    `one_based=False` the numbers are continuous already.

    A box with max = min is dropped even though VOC would call it one pixel wide: in practice it
    is a click without a drag. So is one that is less than a pixel wide or high in the image.

    Args:
        box: xmin, ymin, xmax, ymax as written.
        width: of the decoded image, pixels.
        height: of the decoded image, pixels.
        one_based: whether the writer counts as VOC does.
    """
    if not all(map(math.isfinite, box)):
        return CleanBox(None, Remark.NOT_FINITE)
    x1, y1, x2, y2 = box
    if x2 < x1 or y2 < y1:
        return CleanBox(None, Remark.INVERTED)
    if x2 == x1 or y2 == y1:
        return CleanBox(None, Remark.NO_AREA)
    shift = 1 if one_based else 0
    shifted = (x1 - shift, y1 - shift, x2, y2)
    bbox = (
        max(shifted[0], 0.0),
        max(shifted[1], 0.0),
        min(x2, float(width)),
        min(y2, float(height)),
    )
    if bbox[2] <= bbox[0] or bbox[3] <= bbox[1]:
        return CleanBox(None, Remark.OUTSIDE)
    if min(bbox[2] - bbox[0], bbox[3] - bbox[1]) < LEAST_SIDE:
        return CleanBox(None, Remark.SLIVER)
    if bbox == shifted:
        return CleanBox(bbox)
    only_shift = bbox == (max(x1, 1) - 1, max(y1, 1) - 1, x2, y2) and min(x1, y1) >= 0
    return CleanBox(bbox, Remark.ZERO_BASED if one_based and only_shift else Remark.CLIPPED)
