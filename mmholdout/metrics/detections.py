"""What a detector said about one image, and what is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmholdout.errors import DataError


@dataclass(frozen=True, eq=False)
class Detections:
    """One image's detections, in any order.

    Attributes:
        bboxes: float32 (N, 4) xyxy, absolute pixels of the original image.
        scores: floating (N,).
        labels: int64 (N,) from 0.
    """

    bboxes: NDArray[np.float32]
    scores: NDArray[np.floating]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Bring what was given to the stated types.

        Raises:
            DataError: the three do not describe the same number of boxes, or labels are no ints.
        """
        bboxes = _as_bboxes(self.bboxes)
        scores = np.asarray(self.scores)
        if scores.dtype.kind != 'f':
            scores = scores.astype(np.float64)
        _store(self, bboxes=bboxes, scores=scores, labels=_as_labels(self.labels))
        _check_lengths('detections', bboxes, scores=self.scores, labels=self.labels)

    @classmethod
    def empty(cls) -> Detections:
        """An image on which nothing was detected."""
        return cls(_array((0, 4), np.float32), _array(0, np.float32), _array(0, np.int64))


@dataclass(frozen=True, eq=False)
class GroundTruth:
    """One image's objects; none is a normal case.

    Attributes:
        bboxes: float32 (M, 4) xyxy, absolute pixels of the original image.
        labels: int64 (M,) from 0.
        ignore: bool (M,): 'difficult' objects, which are neither to be found nor wrong to find.
    """

    bboxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    ignore: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Bring what was given to the stated types.

        Raises:
            DataError: the three do not describe the same number of boxes, or labels are no ints.
        """
        bboxes = _as_bboxes(self.bboxes)
        ignore = np.asarray(self.ignore).astype(np.bool_)
        _store(self, bboxes=bboxes, labels=_as_labels(self.labels), ignore=ignore)
        _check_lengths('objects', bboxes, labels=self.labels, ignore=self.ignore)

    @classmethod
    def empty(cls) -> GroundTruth:
        """An image without objects."""
        return cls(_array((0, 4), np.float32), _array(0, np.int64), _array(0, np.bool_))


def _array(shape: int | tuple[int, int], dtype: type[np.generic]) -> NDArray[Any]:
    return np.zeros(shape, dtype=dtype)


def _store(instance: object, **values: NDArray[Any]) -> None:
    for name, value in values.items():
        object.__setattr__(instance, name, value)  # the dataclass is frozen


def _as_bboxes(values: ArrayLike) -> NDArray[np.float32]:
    bboxes = np.asarray(values, dtype=np.float32)
    if bboxes.size == 0:
        return bboxes.reshape(0, 4)
    if bboxes.ndim != 2 or bboxes.shape[1] != 4:
        raise DataError(f'boxes have shape {bboxes.shape}; one row of x1, y1, x2, y2 per box')
    return bboxes


def _as_labels(values: ArrayLike) -> NDArray[np.int64]:
    labels = np.asarray(values)
    if labels.size and labels.dtype.kind not in 'iu':
        raise DataError(f'labels have type {labels.dtype}; class indices are integers from 0')
    return labels.astype(np.int64)


def _check_lengths(what: str, bboxes: NDArray[Any], **others: NDArray[Any]) -> None:
    wrong = {
        name: values.shape for name, values in others.items() if values.shape != bboxes[:, 0].shape
    }
    if wrong:
        listed = ', '.join(f'{name} of shape {shape}' for name, shape in wrong.items())
        raise DataError(f'{what} do not fit together: {len(bboxes)} boxes, but {listed}')
