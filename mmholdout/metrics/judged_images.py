"""The detections that count at one overlap threshold, with the image of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.judged import area_number, judge_matches
from mmholdout.metrics.matches import Matches


@dataclass(frozen=True, eq=False)
class JudgedImages:
    """Right and wrong detections by class, falling score, image, and the order given.

    Neutral detections and ignored objects are left out.

    Attributes:
        image: int64 (N,) image of each detection.
        labels: int64 (N,), rising.
        scores: float64 (N,), falling within each class.
        is_true: bool (N,).
        object_image: int64 (M,) image of each object to be found.
        object_labels: int64 (M,).
        num_images: images, those without anything included.
        num_classes: labels are 0 to num_classes - 1.
    """

    image: NDArray[np.int64]
    labels: NDArray[np.int64]
    scores: NDArray[np.float64]
    is_true: NDArray[np.bool_]
    object_image: NDArray[np.int64]
    object_labels: NDArray[np.int64]
    num_images: int
    num_classes: int

    def __len__(self) -> int:
        return len(self.labels)


def images_of_matches(matches: Matches, iou_thr: float = 0.5, area: str = 'all') -> JudgedImages:
    """Take what counts from COCO's matches.

    Args:
        matches: from `match_coco`.
        iou_thr: one of the matched thresholds.
        area: name of a matched size.

    Raises:
        ConfigError: the threshold or the size was not matched.
    """
    judged = judge_matches(matches, iou_thr, area)
    counted = ~matches.gt_ignore[area_number(matches, area)]
    objects = matches.scene.objects
    return JudgedImages(
        image=matches.scene.detections.image[judged.det],
        labels=judged.labels,
        scores=judged.scores,
        is_true=judged.is_true,
        object_image=objects.image[counted],
        object_labels=objects.labels[counted],
        num_images=judged.num_images,
        num_classes=judged.num_classes,
    )
