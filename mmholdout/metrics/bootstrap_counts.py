"""Precision and recall at a fixed score threshold, of many resamplings of the images at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.judged_images import JudgedImages

_WIDTH = 256


def image_tallies(judged: JudgedImages, score_thr: float) -> NDArray[np.float64]:
    """Per image (I, 3): right detections and all detections from `score_thr` on, and objects."""
    kept = judged.scores >= score_thr
    columns = (judged.image[kept & judged.is_true], judged.image[kept], judged.object_image)
    counts = [np.bincount(images, minlength=judged.num_images) for images in columns]
    return np.stack(counts, axis=1).astype(np.float64)


def replicate_points(
    tallies: NDArray[np.float64], draws: Draws
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Precision and recall of each replicate (replicates,), 0.0 without a denominator.

    Args:
        tallies: from `image_tallies`.
        draws: of the same images.
    """
    sums = np.concatenate([tallies.T @ block for block in draws.blocks(_WIDTH)], axis=1)
    right, kept, objects = sums
    return right / np.maximum(kept, 1), right / np.maximum(objects, 1)
