"""Priors that fit better: from clusters to the best coverage found near them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.best_prior import level_iou
from mmholdout.priors.coverage import ENOUGH, Boxes, ClassFit, Threshold
from mmholdout.priors.family import Family
from mmholdout.priors.level import Level

Array = NDArray[np.float64]

PER_CLASS = 500  # boxes that the search looks at
FACTORS = (1.35, 1 / 1.35, 1.12, 1 / 1.12, 1.04, 1 / 1.04)
ROUNDS = 12
LEAST_GAIN = 5e-4  # of one change; less is not worth odd numbers
PREFERENCE = 0.02  # for priors near those that are there, others being hardly better
OVERLAP_WEIGHT = 0.5  # of the mean IoU beside the share, which has steps
LOSS = 0.005  # of a class's share that a proposal may cost
MARGIN = 0.02  # above the 80 %, so that rounding and the boxes not looked at do not cross it


def propose(family: Family, boxes: Boxes, threshold: Threshold) -> Array:
    """The numbers of the generator that fit best, rounded; always the same for the same boxes.

    Every class counts the same, however many boxes it has. The search starts from the
    generator as it is and from k-means clusters, and changes one number at a time by factors,
    for as long as the boxes are fitted better.

    Args:
        family: of the generator.
        boxes: of the training split, at least one.
        threshold: to reach.
    """
    sample = boxes.take(_sampled(boxes.labels))
    counts = np.bincount(sample.labels, minlength=len(boxes.classes))
    goal = _Goal(family, sample, threshold)
    given = family.given()
    best, most = given, goal.value(given)
    for start in (given, family.start(sample.sizes, 1 / counts[sample.labels])):
        if family.allowed(family.rounded(start)):
            climbed = goal.climb(family.rounded(start))
            value = goal.value(climbed)
            if value > most + (0 if best is given else PREFERENCE):
                best, most = climbed, value
    return best


def better(before: Sequence[ClassFit], after: Sequence[ClassFit]) -> bool:
    """Whether new priors are worth a change, measured on all boxes.

    No class loses more than half a point, unless it stays at 80 % or more. The mean share over
    classes grows by a point, or it stays and the mean overlap grows by 0.05.
    """
    shares = [(b.share, a.share) for b, a in zip(before, after) if b.share is not None]
    if any((new or 0.0) < min(old, ENOUGH + LOSS) - LOSS for old, new in shares):
        return False
    gain = np.mean([(new or 0.0) - old for old, new in shares])
    overlap = np.mean(
        [(a.mean_iou or 0.0) - b.mean_iou for b, a in zip(before, after) if b.mean_iou is not None]
    )
    return bool(gain >= 0.01 or (gain >= 0 and overlap >= 0.05))


def _sampled(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most PER_CLASS indices of each label, evenly spread."""
    chosen = []
    for label in np.unique(labels):
        mine = np.flatnonzero(labels == label)
        count = min(PER_CLASS, len(mine))
        chosen.append(mine[np.linspace(0, len(mine) - 1, count).round().astype(np.int64)])
    return np.concatenate(chosen)


class _Goal:
    def __init__(self, family: Family, boxes: Boxes, threshold: Threshold) -> None:
        self.family, self.boxes, self.threshold = family, boxes, threshold
        self.present, self.group = np.unique(boxes.labels, return_inverse=True)
        shares, _ = self._per_class(self._overlaps(family.grid))
        self.least = np.minimum(shares, ENOUGH + MARGIN)

    def value(self, numbers: Array) -> float:
        return self._value(self._overlaps(self.family.levels(numbers)))

    def climb(self, numbers: Array) -> Array:
        """Take every change of one number that is an improvement, until there is none."""
        family = self.family
        levels = family.levels(numbers)
        overlaps = self._overlaps(levels)
        best = self._value(overlaps)
        for _ in range(ROUNDS):
            at_start = best
            for i in range(len(numbers)):
                for factor in FACTORS:
                    trial = numbers.copy()
                    trial[i] *= factor
                    trial = family.rounded(trial)
                    if trial[i] == numbers[i] or not family.allowed(trial):
                        continue
                    changed = family.levels(trial)
                    new = self._overlaps(changed, levels, overlaps)
                    value = self._value(new)
                    if value > best + LEAST_GAIN:
                        numbers, levels, overlaps, best = trial, changed, new, value
            if best == at_start:
                break
        return numbers

    def _overlaps(
        self,
        levels: Sequence[Level],
        known: Sequence[Level] = (),
        overlaps: Array | None = None,
    ) -> Array:
        """Best IoU of each box with each level, (L, N); equal levels are not redone."""
        rows = []
        for k, level in enumerate(levels):
            if overlaps is not None and np.array_equal(known[k].base, level.base):
                rows.append(overlaps[k])
                continue
            b = self.boxes
            rows.append(level_iou(b.bboxes, b.images, b.padded, level, self.threshold.border))
        return np.stack(rows)

    def _value(self, overlaps: Array) -> float:
        shares, means = self._per_class(overlaps)
        lost = np.maximum(self.least - shares, 0).sum()
        return float(shares.mean() + OVERLAP_WEIGHT * means.mean() - 10 * lost)

    def _per_class(self, overlaps: Array) -> tuple[Array, Array]:
        best = overlaps.max(axis=0)
        counts = np.bincount(self.group)
        shares = np.bincount(self.group, self.threshold.reached(best).astype(np.float64)) / counts
        return shares, np.bincount(self.group, best) / counts
