"""Where one picture lies in another: keypoints and RANSAC, then the correlation of the pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from mmholdout.splits.keypoints import keypoints

Grey = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

_KEYPOINTS = 400
_DISTANCE = 56  # of 256 bits: matches beyond it are not used
_MATCHES = 8  # fewer matches place nothing
_TOLERANCE = 3.0  # pixels, of RANSAC
_SCALES = (0.5, 2.0)
_SLANT = 0.2  # sine of rotation or shear; copies are not turned
_MARGIN = 12  # pixels along the border of the overlap, whose shade is not known
_STEADY = 1e-6
_NOISE = 1.0  # pixels: sigma of the blur that takes noise away
_SHADE = 25  # pixels: side of the square whose mean is the shade
_BLOCK = 16  # pixels
_STRUCTURE = 1.5  # grey levels: root mean square of the details of a block worth comparing
_ALIKE = 0.5  # correlation


@dataclass(frozen=True)
class Placement:
    """How `second` lies on `first`.

    Attributes:
        matrix: 2 x 3, pixels of `second` to pixels of `first`.
        matches: keypoints that look alike.
        inliers: those of them that agree with the matrix.
    """

    matrix: Matrix
    matches: int
    inliers: int


@dataclass(frozen=True)
class Agreement:
    """How far the pixels agree where the two pictures overlap.

    Attributes:
        shapes: correlation of the grey values, [-1, 1].
        details: correlation after light and shade of wide areas were removed.
        blocks: share of the blocks of 16 x 16 pixels with structure whose details correlate.
            A frame, a mask or a watermark that different pictures share agrees in few of them.
        compared: number of those blocks.
        first_covered: share of `first` that the overlap covers.
        second_covered: share of `second`.
    """

    shapes: float
    details: float
    blocks: float
    compared: int
    first_covered: float
    second_covered: float


@dataclass(frozen=True)
class Picture:
    """A grey picture with its keypoints (float32 (N, 2)) and descriptors (uint8 (N, 32))."""

    grey: Grey
    points: npt.NDArray[np.float32]
    descriptors: npt.NDArray[np.uint8]


def picture_of(grey: Grey) -> Picture:
    """Find the keypoints."""
    return Picture(grey, *keypoints(grey, _KEYPOINTS, levels=5, factor=1.25))


def place(first: Picture, second: Picture) -> Placement | None:
    """Fit an upright affine map to matched keypoints; None where they do not agree on one."""
    if min(len(first.points), len(second.points)) < _MATCHES:
        return None
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
    matches = [
        m for m in matcher.match(second.descriptors, first.descriptors) if m.distance <= _DISTANCE
    ]
    if len(matches) < _MATCHES:
        return None
    cv2.setRNGSeed(0)
    matrix, inliers = cv2.estimateAffine2D(
        second.points[[m.queryIdx for m in matches]],
        first.points[[m.trainIdx for m in matches]],
        ransacReprojThreshold=_TOLERANCE,
        maxIters=1000,
    )
    if matrix is None or not is_upright(matrix):
        return None
    return Placement(matrix, len(matches), int(inliers.sum()))


def is_upright(matrix: Matrix) -> bool:
    """Whether a 2 x 3 map only moves and scales, about as re-encoding and cropping do."""
    scales = np.diag(matrix[:, :2])
    slant = float(np.abs(matrix[[0, 1], [1, 0]] / np.maximum(np.abs(scales), _STEADY)).max())
    return bool(_SCALES[0] <= scales.min() and scales.max() <= _SCALES[1] and slant <= _SLANT)


def refined(first: Grey, second: Grey, matrix: Matrix) -> Matrix:
    """The matrix moved to where the grey values agree best (ECC); unchanged where that fails."""
    inverse = cv2.invertAffineTransform(matrix).astype(np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 15, 1e-3)
    try:
        _, better = cv2.findTransformECC(first, second, inverse, cv2.MOTION_AFFINE, stop, None, 5)
    except cv2.error:
        return matrix
    found: Matrix = cv2.invertAffineTransform(better).astype(np.float64)
    return found if is_upright(found) else matrix


def agreement(first: Grey, second: Grey, matrix: Matrix) -> Agreement:
    """Lay `second` on `first` and compare the pixels of the overlap."""
    rows, columns = first.shape
    laid = cv2.warpAffine(second, matrix, (columns, rows), flags=cv2.INTER_LINEAR)
    seen = cv2.warpAffine(np.full(second.shape, 255, np.uint8), matrix, (columns, rows))
    inside = seen == 255
    overlap = float(inside.sum())
    area = abs(float(np.linalg.det(matrix[:, :2]))) * second.size
    kernel = np.ones((2 * _MARGIN + 1, 2 * _MARGIN + 1), np.uint8)
    core = cv2.erode(inside.astype(np.uint8), kernel, borderValue=0) > 0
    ours, theirs = (cv2.GaussianBlur(p.astype(np.float32), (0, 0), _NOISE) for p in (first, laid))
    # A normalised mean, so that the black beyond the border does not count as shade.
    weight = np.maximum(_mean_around(inside.astype(np.float32)), _STEADY)
    our_details = (ours - _mean_around(ours * inside) / weight) * core
    their_details = (theirs - _mean_around(theirs * inside) / weight) * core
    alike, compared = _blocks(our_details, their_details)
    return Agreement(
        shapes=_correlation(ours[core], theirs[core]),
        details=_correlation(our_details[core], their_details[core]),
        blocks=alike,
        compared=compared,
        first_covered=overlap / first.size,
        second_covered=min(1.0, overlap / area),
    )


def _blocks(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> tuple[float, int]:
    """Share of the blocks with structure in which the two agree, and how many those are."""
    rows, columns = (side // _BLOCK for side in a.shape)

    def energy(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        cut = values[: rows * _BLOCK, : columns * _BLOCK]
        sums: npt.NDArray[np.float32] = cut.reshape(rows, _BLOCK, columns, _BLOCK).mean((1, 3))
        return sums

    ours, theirs, both = energy(a * a), energy(b * b), energy(a * b)
    structured = np.maximum(ours, theirs) >= _STRUCTURE**2
    alike = both > _ALIKE * np.sqrt(ours * theirs)
    compared = int(structured.sum())
    return (float((alike & structured).sum()) / compared if compared else 0.0), compared


def _mean_around(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    mean: npt.NDArray[np.float32] = cv2.blur(values, (_SHADE, _SHADE))
    return mean


def _correlation(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    if len(a) < 2:
        return 0.0
    a, b = a - a.mean(dtype=np.float64), b - b.mean(dtype=np.float64)
    norm = float(np.sqrt((a * a).sum(dtype=np.float64) * (b * b).sum(dtype=np.float64)))
    return float((a * b).sum(dtype=np.float64)) / norm if norm > _STEADY else 0.0
