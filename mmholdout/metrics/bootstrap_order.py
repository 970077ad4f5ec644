"""What resampling the images needs of one set of predictions: little, and sorted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.coco_ties import tied_groups
from mmholdout.metrics.judged_images import JudgedImages


@dataclass(frozen=True, eq=False)
class BootstrapOrder:
    """Detections in the order of counting, without those that change no average precision.

    Precision matters where an object is found, so what is scored below a class's last right
    detection is left out. Scores are gone: their order is the order of the rows.

    Attributes:
        image: int32 (N,) image of each detection.
        is_true: bool (N,).
        bounds: int64 (K + 1,): class k has the rows from bound k up to bound k + 1.
        tied: int64 (Q,) rows that share image, class and score with one of the other verdict,
            rising. Copies of such an image count as a, b, a, b and not as a, a, b, b.
        tie: int64 (Q,), equal for the rows of one tie, rising.
        object_image: int32 (M,) image of each object to be found.
        object_labels: int32 (M,).
        num_images: images, those without anything included.
    """

    image: NDArray[np.int32]
    is_true: NDArray[np.bool_]
    bounds: NDArray[np.int64]
    tied: NDArray[np.int64]
    tie: NDArray[np.int64]
    object_image: NDArray[np.int32]
    object_labels: NDArray[np.int32]
    num_images: int

    def __len__(self) -> int:
        return len(self.image)

    @property
    def num_classes(self) -> int:
        """Labels are 0 to num_classes - 1."""
        return len(self.bounds) - 1

    def of_class(self, label: int) -> BootstrapOrder:
        """The rows and objects of one class alone, as class 0."""
        begin, end = int(self.bounds[label]), int(self.bounds[label + 1])
        ties = slice(*np.searchsorted(self.tied, [begin, end]).tolist())
        mine = self.object_labels == label
        return replace(
            self,
            image=self.image[begin:end],
            is_true=self.is_true[begin:end],
            bounds=np.array([0, end - begin]),
            tied=self.tied[ties] - begin,
            tie=self.tie[ties],
            object_image=self.object_image[mine],
            object_labels=np.zeros(int(mine.sum()), np.int32),
        )

    def state(self) -> dict[str, Any]:
        """Arrays and numbers by name, to be stored."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> BootstrapOrder:
        """What `state()` gave."""
        return cls(**{field.name: state[field.name] for field in fields(cls)})


def bootstrap_order(judged: JudgedImages) -> BootstrapOrder:
    """Drop what changes nothing, and find the ties that do.

    Args:
        judged: right and wrong detections.
    """
    rows = len(judged)
    tie = tied_groups(judged.image, judged.labels, judged.scores) if rows else np.zeros(0, int)
    size, right = (
        np.bincount(tie[chosen], minlength=rows)
        for chosen in (tie >= 0, (tie >= 0) & judged.is_true)
    )
    matters = (right > 0) & (right < size)
    tie = np.where((tie >= 0) & matters[tie], tie, -1)

    limits = np.searchsorted(judged.labels, np.arange(judged.num_classes + 1))
    right_rows = np.flatnonzero(judged.is_true)
    until = np.searchsorted(right_rows, limits)
    keep = np.zeros(rows, dtype=bool)
    for label in range(judged.num_classes):
        if until[label] == until[label + 1]:
            continue
        end = int(right_rows[until[label + 1] - 1]) + 1
        if tie[end - 1] >= 0:  # the copies of its tie go round again
            end = int(np.flatnonzero(tie == tie[end - 1])[-1]) + 1
        keep[limits[label] : end] = True
    kept_tie = tie[keep]
    tied = np.flatnonzero(kept_tie >= 0)
    return BootstrapOrder(
        image=judged.image[keep].astype(np.int32),
        is_true=judged.is_true[keep],
        bounds=np.concatenate([[0], np.cumsum(keep)])[limits].astype(np.int64),
        tied=tied,
        tie=kept_tie[tied],
        object_image=judged.object_image.astype(np.int32),
        object_labels=judged.object_labels.astype(np.int32),
        num_images=judged.num_images,
    )
