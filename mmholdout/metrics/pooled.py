"""All images of a split laid end to end, checked, so that matching is array arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections, GroundTruth


@dataclass(frozen=True, eq=False)
class Pooled:
    """Boxes of many images in image order, then input order.

    Attributes:
        image: int64 (N,) index of the image.
        bboxes: float32 (N, 4) xyxy.
        labels: int64 (N,).
    """

    image: NDArray[np.int64]
    bboxes: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class PooledDetections(Pooled):
    """Scores are float64 (N,), which holds every float16 and float32 score exactly."""

    scores: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PooledGroundTruth(Pooled):
    """`ignore` is bool (N,)."""

    ignore: NDArray[np.bool_]


def pool_detections(
    detections: Sequence[Detections], num_classes: int, image_names: Sequence[object]
) -> PooledDetections:
    """Lay detections end to end.

    Raises:
        DataError: a score or box is not finite, a side is negative, or a label is none of the
            classes; the message names the image.
    """
    boxes = _pool(detections)
    scores = _join([item.scores for item in detections], np.float64)
    _check(~np.isfinite(scores), boxes, image_names, 'a detection with score {}', scores)
    _check_boxes(boxes, num_classes, image_names, 'a detection')
    return PooledDetections(boxes.image, boxes.bboxes, boxes.labels, scores)


def pool_ground_truth(
    ground_truth: Sequence[GroundTruth], num_classes: int, image_names: Sequence[object]
) -> PooledGroundTruth:
    """Lay objects end to end; errors as for `pool_detections`."""
    boxes = _pool(ground_truth)
    ignore = _join([item.ignore for item in ground_truth], np.bool_)
    _check_boxes(boxes, num_classes, image_names, 'an object')
    return PooledGroundTruth(boxes.image, boxes.bboxes, boxes.labels, ignore)


def _pool(items: Sequence[Detections] | Sequence[GroundTruth]) -> Pooled:
    lengths = [len(item.labels) for item in items]
    image = np.repeat(np.arange(len(items), dtype=np.int64), lengths)
    bboxes = np.concatenate([np.zeros((0, 4), np.float32), *(item.bboxes for item in items)])
    return Pooled(image, bboxes, _join([item.labels for item in items], np.int64))


def _join(parts: list[Any], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype)


def _check_boxes(boxes: Pooled, num_classes: int, names: Sequence[object], what: str) -> None:
    broken: NDArray[np.bool_] = np.any(~np.isfinite(boxes.bboxes), axis=1)
    _check(broken, boxes, names, what + ' with box {}', boxes.bboxes)
    negative: NDArray[np.bool_] = np.any(boxes.bboxes[:, 2:] < boxes.bboxes[:, :2], axis=1)
    why = '; x1, y1, x2, y2 with a negative side'
    _check(negative, boxes, names, what + ' with box {}' + why, boxes.bboxes)
    unknown = (boxes.labels < 0) | (boxes.labels >= num_classes)
    known = f'; with {num_classes} classes labels are 0 to {num_classes - 1}'
    _check(unknown, boxes, names, what + ' with label {}' + known, boxes.labels)


def _check(
    bad: NDArray[np.bool_],
    boxes: Pooled,
    names: Sequence[object],
    sentence: str,
    values: NDArray[Any],
) -> None:
    if not bad.any():
        return
    first = int(np.argmax(bad))
    name = names[boxes.image[first]]
    images = len(np.unique(boxes.image[bad]))
    more = f' ({int(bad.sum())} such in {images} images)' if bad.sum() > 1 else ''
    raise DataError(f'image {name!r} has {sentence.format(values[first].tolist())}{more}')
