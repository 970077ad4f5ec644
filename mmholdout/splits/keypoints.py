"""ORB keypoints of a grey picture (Rublee et al., ICCV 2011)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

_FAST_THRESHOLD = 5  # grey levels: low, since microscopy and water have soft edges
_LEAST = 32  # pixels: no keypoint fits into a narrower picture, and OpenCV fails on a sliver
_NONE = np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8)


def keypoints(
    grey: Grey, most: int, levels: int, factor: float
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    """Places (x, y), float32 (N, 2), and descriptors, uint8 (N, 32), of at most `most` points.

    Args:
        grey: (H, W).
        most: the strongest are kept.
        levels: sizes at which points are looked for.
        factor: from one size to the next.
    """
    if min(grey.shape) < _LEAST:
        return _NONE
    orb = cv2.ORB.create(
        nfeatures=most, nlevels=levels, scaleFactor=factor, fastThreshold=_FAST_THRESHOLD
    )
    found, descriptors = orb.detectAndCompute(grey, None)
    if not found:
        return _NONE
    return np.array([point.pt for point in found[:most]], np.float32), descriptors[:most]
