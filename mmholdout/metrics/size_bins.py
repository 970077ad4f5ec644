"""Average precision and recall by the size of the objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco_accumulate import Accumulated
from mmholdout.metrics.coco_options import COCO_AREAS
from mmholdout.metrics.options import is_number


@dataclass(frozen=True)
class SizeRow:
    """One size; None where no object has it.

    Attributes:
        name: of the size.
        low: least area, square pixels.
        high: largest area.
        gts: objects to be found.
        ap: mean over the thresholds that were accumulated, recalls and classes.
        recall: mean over thresholds and classes, of the best `max_dets[-1]` per image and class.
    """

    name: str
    low: float
    high: float
    gts: int
    ap: float | None
    recall: float | None


def size_areas(sides: Sequence[float]) -> dict[str, tuple[float, float]]:
    """Sizes for `COCOOptions(areas=...)` from limits in pixels, and 'all'.

    A square of exactly a limit belongs to the larger size, so every object has one size. (Of
    COCO's own, small to large, both limits belong, and an object on a limit has two.)

    Args:
        sides: rising square roots of areas: [16, 64] gives '0-16', '16-64' and '64+'.

    Raises:
        ConfigError: they do not rise from above 0.
    """
    limits = list(sides)
    numbers = all(is_number(side) and side > 0 for side in limits)
    if not limits or not numbers or any(right <= left for left, right in pairwise(limits)):
        raise ConfigError(f'sides is {limits}; rising numbers of pixels above 0 are needed')
    areas = {'all': COCO_AREAS['all']}
    for low, high in pairwise([0.0, *limits]):
        areas[f'{low:g}-{high:g}'] = (low**2, float(np.nextafter(high**2, 0)))
    areas[f'{limits[-1]:g}+'] = (limits[-1] ** 2, np.inf)
    return areas


def size_rows(accumulated: Accumulated) -> tuple[SizeRow, ...]:
    """One row per size that was accumulated, 'all' included.

    Args:
        accumulated: `accumulate(rank_matches(matches))`, or of `rank_matches(matches, [0.5])` for
            AP50.
    """
    most = accumulated.options.max_dets[-1]
    return tuple(
        SizeRow(
            name=name,
            low=low,
            high=high,
            gts=int(accumulated.num_gts[number].sum()),
            ap=accumulated.ap(area=name),
            recall=accumulated.ar(most, area=name),
        )
        for number, (name, (low, high)) in enumerate(accumulated.options.areas.items())
    )
