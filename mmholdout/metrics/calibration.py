"""Whether a score of 0.7 means that 7 of 10 such detections are right.

Source: Guo et al., On Calibration of Modern Neural Networks, 2017 (reliability bins and expected
calibration error); for detectors Kueppers et al., Multivariate Confidence Calibration, 2020: a
detection is right where it found an object.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.judged import Judged

LEAST_SUPPORT = 100  # with fewer detections the error is mostly the noise of the bins


@dataclass(frozen=True, eq=False)
class Calibration:
    """Reliability bins of equal width from 0 to 1; NaN where a bin is empty.

    Attributes:
        edges: float64 (B + 1,); a score on an edge belongs to the bin above, 1.0 to the last.
        count: int64 (B,), detections that count.
        mean_score: float64 (B,).
        precision: float64 (B,), share of them that is right.
        ece: mean of |precision - mean score| over the detections; None without detections.
        class_ece: the same of each class, None below `LEAST_SUPPORT` detections.
    """

    edges: NDArray[np.float64]
    count: NDArray[np.int64]
    mean_score: NDArray[np.float64]
    precision: NDArray[np.float64]
    ece: float | None
    class_ece: tuple[float | None, ...]


def calibrate(judged: Judged, score_thr: float = 0.0, num_bins: int = 10) -> Calibration:
    """Compare scores with precision.

    Args:
        judged: from `judge_matches`.
        score_thr: lower scores are left out. The many detections near 0, easily right about being
            wrong, pull the mean down, so values compare at one threshold only.
        num_bins: of equal width.

    Raises:
        ConfigError: `num_bins` is no whole number from 1.
        DataError: a score lies outside [0, 1]; it says nothing of a share.
    """
    if not isinstance(num_bins, int) or num_bins < 1:
        raise ConfigError(f'num_bins is {num_bins!r}; a whole number from 1 is needed')
    if not has_shares(judged):
        low, high = judged.scores.min(), judged.scores.max()
        raise DataError(
            f'scores go from {low:g} to {high:g}; calibration needs scores from 0 to 1, '
            'such as a softmax or a sigmoid gives'
        )
    kept = judged.scores >= score_thr
    labels, scores, is_true = judged.labels[kept], judged.scores[kept], judged.is_true[kept]
    edges = np.linspace(0.0, 1.0, num_bins + 1)
    place = np.minimum(np.searchsorted(edges, scores, side='right') - 1, num_bins - 1)
    cell = labels * num_bins + place

    def per_cell(weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        total = np.bincount(cell, weights, judged.num_classes * num_bins)
        return total.reshape(judged.num_classes, num_bins).astype(np.float64)

    counts, score_sums, trues = per_cell(), per_cell(scores), per_cell(is_true.astype(np.float64))
    gaps = np.abs(trues - score_sums).sum(axis=1)
    support = counts.sum(axis=1)
    count = counts.sum(axis=0)
    filled = np.where(count > 0, count, np.nan)
    total = float(count.sum())
    return Calibration(
        edges=edges,
        count=count.astype(np.int64),
        mean_score=score_sums.sum(axis=0) / filled,
        precision=trues.sum(axis=0) / filled,
        ece=float(np.abs((trues - score_sums).sum(axis=0)).sum()) / total if total else None,
        class_ece=tuple(
            float(gap / number) if number >= LEAST_SUPPORT else None
            for gap, number in zip(gaps, support)
        ),
    )


def has_shares(judged: Judged) -> bool:
    """All scores lie in [0, 1]."""
    return bool(((judged.scores >= 0) & (judged.scores <= 1)).all())
