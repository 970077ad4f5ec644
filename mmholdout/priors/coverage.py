"""Per class, the share of boxes that some prior fits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.best_prior import best_iou, centred_iou
from mmholdout.priors.level import Level

ENOUGH = 0.8  # of a class's boxes
_Z = 1.96  # standard deviations of the normal distribution, 95 % between them


@dataclass(frozen=True)
class Boxes:
    """The objects of a split at the model's input size.

    Attributes:
        bboxes: float64 (N, 4) xyxy pixels.
        labels: int64 (N,).
        images: int64 (N, 2), width and height of each box's image.
        padded: int64 (N, 2), the same after padding.
        classes: their names.
    """

    bboxes: NDArray[np.float64]
    labels: NDArray[np.int64]
    images: NDArray[np.int64]
    padded: NDArray[np.int64]
    classes: tuple[str, ...]

    @property
    def sizes(self) -> NDArray[np.float64]:
        """Width and height, (N, 2)."""
        return self.bboxes[:, 2:] - self.bboxes[:, :2]

    def take(self, index: NDArray[np.int64]) -> Boxes:
        """Some of the boxes."""
        return Boxes(
            self.bboxes[index],
            self.labels[index],
            self.images[index],
            self.padded[index],
            self.classes,
        )


@dataclass(frozen=True)
class Threshold:
    """When a prior counts as fitting: the positive IoU of the assigner.

    Attributes:
        iou: itself.
        above: whether the overlap must exceed it (GridAssigner) or reach it (MaxIoUAssigner).
        border: `allowed_border` of the priors, negative for all.
    """

    iou: float
    above: bool = False
    border: float = -1

    def reached(self, overlaps: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Of each overlap."""
        return overlaps > self.iou if self.above else overlaps >= self.iou

    def __str__(self) -> str:
        return f'IoU {">" if self.above else ">="} {self.iou:g}'


@dataclass(frozen=True)
class ClassFit:
    """How well the priors fit one class.

    Attributes:
        name: of the class.
        boxes: how many.
        share: of them whose best prior fits, in [0, 1]; None without boxes, and so the rest.
        mean_iou: of their best priors.
        size: median (width, height), pixels of the model's input.
        prior: (width, height) of the prior most like that size.
        stride: of that prior's grid, pixels.
        prior_iou: overlap of the two on one centre.
    """

    name: str
    boxes: int
    share: float | None = None
    mean_iou: float | None = None
    size: tuple[float, float] | None = None
    prior: tuple[float, float] | None = None
    stride: float | None = None
    prior_iou: float | None = None

    @property
    def fits(self) -> bool:
        """Whether enough of the class is covered; True where there is nothing to cover."""
        return self.share is None or self.share >= ENOUGH

    @property
    def surely_unfit(self) -> bool:
        """Whether the share is below 80 % beyond chance: 10 of 13 boxes may well be 90 % of many.

        By the upper end of Wilson's 95 % interval (Wilson 1927).
        """
        if self.share is None:
            return False
        z2 = _Z * _Z / self.boxes
        root = math.sqrt(self.share * (1 - self.share) * z2 + z2 * z2 / 4)
        return (self.share + z2 / 2 + root) / (1 + z2) < ENOUGH


def coverage(boxes: Boxes, levels: Sequence[Level], threshold: Threshold) -> list[ClassFit]:
    """The fit of each class, in label order."""
    overlaps = best_iou(boxes.bboxes, boxes.images, boxes.padded, levels, threshold.border)
    fits = []
    for label, name in enumerate(boxes.classes):
        mine = boxes.labels == label
        if not mine.any():
            fits.append(ClassFit(name, 0))
            continue
        median = np.median(boxes.sizes[mine], axis=0)
        prior, stride, prior_iou = _nearest(median, levels)
        fits.append(
            ClassFit(
                name,
                int(mine.sum()),
                float(threshold.reached(overlaps[mine]).mean()),
                float(overlaps[mine].mean()),
                (float(median[0]), float(median[1])),
                prior,
                stride,
                prior_iou,
            )
        )
    return fits


def _nearest(
    size: NDArray[np.float64], levels: Sequence[Level]
) -> tuple[tuple[float, float], float, float]:
    shapes = np.concatenate([level.sizes for level in levels])
    strides = np.concatenate([np.full(len(level.base), max(level.stride)) for level in levels])
    overlaps = centred_iou(size[None], shapes)[0]
    at = int(overlaps.argmax())
    return (float(shapes[at, 0]), float(shapes[at, 1])), float(strides[at]), float(overlaps[at])
