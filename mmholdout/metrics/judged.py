"""The detections that count at one overlap threshold, by class and falling score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import ConfigError
from mmholdout.metrics.match import NEUTRAL, TRUE
from mmholdout.metrics.matches import Matches


@dataclass(frozen=True, eq=False)
class Judged:
    """Right and wrong detections of a split; the neutral ones are left out.

    Attributes:
        det: int64 (N,) index into the scene's detections.
        labels: int64 (N,), rising.
        scores: float64 (N,), falling within each class.
        is_true: bool (N,).
        class_bounds: int64 (K + 1,): class k has the rows from bound k up to bound k + 1.
        num_objects: int64 (K,), objects to be found.
        num_images: images, those without anything included.
    """

    det: NDArray[np.int64]
    labels: NDArray[np.int64]
    scores: NDArray[np.float64]
    is_true: NDArray[np.bool_]
    class_bounds: NDArray[np.int64]
    num_objects: NDArray[np.int64]
    num_images: int

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def num_classes(self) -> int:
        """Labels are 0 to num_classes - 1."""
        return len(self.num_objects)

    def rows(self, label: int | None = None) -> slice:
        """Rows of one class, or all."""
        if label is None:
            return slice(0, len(self))
        return slice(int(self.class_bounds[label]), int(self.class_bounds[label + 1]))

    def objects(self, label: int | None = None) -> int:
        """Objects to be found, of one class or all."""
        return int(self.num_objects.sum() if label is None else self.num_objects[label])


def judge_matches(matches: Matches, iou_thr: float = 0.5, area: str = 'all') -> Judged:
    """Take what counts from matches.

    Args:
        matches: from `match_coco`.
        iou_thr: one of the matched thresholds.
        area: name of a matched size.

    Raises:
        ConfigError: the threshold or the size was not matched.
    """
    size = area_number(matches, area)
    verdict = matches.verdict(thr_number(matches, iou_thr), size)
    scene = matches.scene
    det = scene.by_score[verdict[scene.by_score] != NEUTRAL]
    labels = scene.detections.labels[det]
    counted = scene.objects.labels[~matches.gt_ignore[size]]
    return Judged(
        det=det,
        labels=labels,
        scores=scene.detections.scores[det],
        is_true=verdict[det] == TRUE,
        class_bounds=np.searchsorted(labels, np.arange(scene.num_classes + 1)),
        num_objects=np.bincount(counted, minlength=scene.num_classes),
        num_images=scene.num_images,
    )


def thr_number(matches: Matches, iou_thr: float) -> int:
    """Number of an overlap threshold; 0.6 is also found where it is 0.6000000000000001.

    Raises:
        ConfigError: it was not matched.
    """
    known = np.array(matches.options.iou_thrs)
    nearest = int(np.argmin(np.abs(known - iou_thr)))
    if not abs(known[nearest] - iou_thr) < 1e-9:
        raise ConfigError(
            f'iou_thr is {iou_thr}; matched were {", ".join(f"{thr:g}" for thr in known)}. '
            'Match again with COCOOptions(iou_thrs=...)'
        )
    return nearest


def area_number(matches: Matches, area: str) -> int:
    """Number of a size range.

    Raises:
        ConfigError: it was not matched.
    """
    known = list(matches.options.areas)
    if area not in known:
        raise ConfigError(
            f'area is {area!r}; matched were {", ".join(known)}. '
            'Match again with COCOOptions(areas=...)'
        )
    return known.index(area)
