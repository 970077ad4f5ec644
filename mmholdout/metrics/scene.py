"""What was detected in many images and what is true of them, as flat checked arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SceneDetections:
    """Detections in image order, then in the order given; the second decides ties of scores.

    Attributes:
        image: int64 (N,) index of the image.
        bboxes: float64 (N, 4): x, y, width, height in absolute pixels, as in COCO's files.
        labels: int64 (N,).
        scores: float64 (N,).
    """

    image: NDArray[np.int64]
    bboxes: NDArray[np.float64]
    labels: NDArray[np.int64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def area(self) -> NDArray[np.float64]:
        """Of the boxes (N,), square pixels."""
        area: NDArray[np.float64] = self.bboxes[:, 2] * self.bboxes[:, 3]
        return area


@dataclass(frozen=True, eq=False)
class SceneObjects:
    """Objects in image order, then in the order given; the second decides ties of overlap.

    Attributes:
        image: int64 (M,) index of the image.
        bboxes: float64 (M, 4): x, y, width, height in absolute pixels.
        labels: int64 (M,).
        area: float64 (M,) square pixels; of the segmentation where there is one, as in COCO.
        ignore: bool (M,), neither to be found nor wrong to find.
        crowd: bool (M,), many objects under one box: ignored, may be found any number of times,
            and what lies inside it overlaps it fully. Every crowd is also in `ignore`.
    """

    image: NDArray[np.int64]
    bboxes: NDArray[np.float64]
    labels: NDArray[np.int64]
    area: NDArray[np.float64]
    ignore: NDArray[np.bool_]
    crowd: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Scene:
    """A split to evaluate; built by `scene_from_images` or `scene_from_arrays`.

    Attributes:
        image_names: one per image, for messages. The order of the images decides ties of scores.
        num_classes: labels are 0 to num_classes - 1.
        detections: all of them.
        objects: all of them.
    """

    image_names: Sequence[object]
    num_classes: int
    detections: SceneDetections
    objects: SceneObjects

    @property
    def num_images(self) -> int:
        """Images, those without objects and detections included."""
        return len(self.image_names)

    @cached_property
    def by_score(self) -> NDArray[np.int64]:
        """Indices of the detections by class, then falling score, then image, then as given."""
        falling = np.argsort(-self.detections.scores, kind='stable')
        return stable_by(self.detections.labels, falling)

    @cached_property
    def by_group(self) -> NDArray[np.int64]:
        """Indices of the detections by image, then class, then falling score, then as given."""
        return stable_by(self.detections.image, self.by_score)

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """Place of each detection, from 0, among those of its image and class by score (N,)."""
        rank = np.empty(len(self.detections), dtype=np.int64)
        rank[self.by_group] = self.places(self.by_group)
        return rank

    def places(self, dets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Place of each of `dets`, a part of `by_group`, among those of its image and class."""
        group = self.detections.image[dets] * self.num_classes + self.detections.labels[dets]
        first = np.flatnonzero(np.diff(group, prepend=-1))
        places: NDArray[np.int64] = np.arange(len(dets)) - np.repeat(
            first, np.diff(first, append=len(dets))
        )
        return places


def stable_by(keys: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort `order` by `keys[order]`, keeping its sequence where keys are equal.

    Args:
        keys: (N,), not negative.
        order: indices into `keys`.
    """
    # NumPy sorts 16-bit integers by radix, several times faster than 64-bit ones
    small = keys.astype(np.min_scalar_type(int(keys.max(initial=0))))
    sorted_order: NDArray[np.int64] = order[np.argsort(small[order], kind='stable')]
    return sorted_order
