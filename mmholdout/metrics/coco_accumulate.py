"""Precision and recall of COCO from ranked matches, as often as a bootstrap asks for it.

Source: `COCOeval.accumulate` of pycocotools. Precision falls only where a detection is wrong, so
its envelope is known from the detections that found something; the others are merely counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmholdout.errors import DataError
from mmholdout.metrics.coco_options import RECALL_POINTS, COCOOptions
from mmholdout.metrics.coco_ranking import RankedHits, Ranking
from mmholdout.metrics.coco_ties import with_copies


@dataclass(frozen=True, eq=False)
class Accumulated:
    """Precision and recall; NaN for a class without objects of the size.

    Attributes:
        options: the thresholds and sizes of the axes.
        precision: float64 (T, A, K, 101), the best at or above each of `RECALL_POINTS`, of the
            best `max_dets[-1]` detections per image and class.
        recall: float64 (T, A, K, len(max_dets)).
        num_gts: int64 (A, K), objects to be found.
    """

    options: COCOOptions
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    num_gts: NDArray[np.int64]

    def ap(
        self, iou_thr: float | None = None, area: str = 'all', label: int | None = None
    ) -> float | None:
        """Average precision over thresholds (or one), recalls and classes (or one).

        None where no class has objects of the size.
        """
        return _mean(self._select(self.precision, iou_thr, area, label))

    def ar(self, max_dets: int = 100, area: str = 'all', label: int | None = None) -> float | None:
        """Average recall over thresholds and classes (or one); None as for `ap`."""
        recall = self.recall[..., self.options.max_dets.index(max_dets)]
        return _mean(self._select(recall, None, area, label))

    def _select(
        self, values: NDArray[np.float64], iou_thr: float | None, area: str, label: int | None
    ) -> NDArray[np.float64]:
        values = values[:, list(self.options.areas).index(area)]
        if iou_thr is not None:
            values = values[self.options.iou_thrs.index(iou_thr)][None]
        return values if label is None else values[:, label]


def accumulate(ranking: Ranking, weights: ArrayLike | None = None) -> Accumulated:
    """Count precision and recall.

    Args:
        ranking: from `rank_matches`.
        weights: how often each image counts, whole numbers from 0 (I,), such as a bootstrap draws
            them; once each where None. The result is that of a list in which every image stands
            so many times, copies next to each other.

    Raises:
        DataError: weights are negative, no whole numbers, or too few.
    """
    sizes = list(ranking.options.areas)
    if weights is None:
        det_weights = np.ones(len(ranking.image), dtype=np.int64)
        gt_weights = np.ones(len(ranking.gt_image), dtype=np.int64)
    else:
        counts = _checked(weights, ranking)
        gt_weights = counts[ranking.gt_image]
        det_weights = counts[ranking.image]
    num_gts = np.zeros((len(sizes), ranking.num_classes), dtype=np.int64)
    for area, counted in enumerate(ranking.gt_counted):
        num_gts[area] = np.bincount(  # float64 sums of whole numbers are exact
            ranking.gt_labels[counted], gt_weights[counted], ranking.num_classes
        )
    curves = [_at_one_size(ranking, area, det_weights, num_gts[area]) for area in range(len(sizes))]
    return Accumulated(
        options=ranking.options,
        precision=np.stack([precision for precision, _ in curves], axis=1),
        recall=np.stack([recall for _, recall in curves], axis=1),
        num_gts=num_gts,
    )


def _at_one_size(
    ranking: Ranking, area: int, weights: NDArray[np.int64], num_gts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Precision (T, K, 101) and recall (T, K, len(max_dets))."""
    hits, in_area = ranking.hits[area], ranking.in_area[area]
    num_thrs, num_classes = len(ranking.options.iou_thrs), ranking.num_classes
    lengths = np.diff(hits.bounds)
    hit_weights = weights[hits.position]
    true_weights = hit_weights * hits.is_counted

    # Sums run over all segments (threshold and class) without a break; what stood at a segment's
    # begin is taken off. A detection counts if its size fits, or if what it found counts; one
    # that found something ignored does not count whatever its size.
    seen = _running(weights if in_area.all() else np.where(in_area, weights, 0))
    corrected = _running(true_weights - hit_weights * in_area[hits.position])
    true = _running(true_weights)
    begins = hits.bounds[:-1]
    class_begins = np.tile(ranking.class_bounds[:-1], num_thrs)
    num_seen = seen[hits.position + 1] + corrected[1:]
    num_seen -= np.repeat(seen[class_begins] + corrected[begins], lengths)
    envelope = _envelope(hits, weights, true, num_seen, np.tile(_needed(num_gts), (num_thrs, 1)))

    segment = np.repeat(np.arange(len(begins)), lengths)
    recalls = []
    for most in ranking.options.max_dets:
        within = true_weights * (ranking.rank[hits.position] < most)
        found = np.bincount(segment, within, len(begins)).reshape(num_thrs, num_classes)
        recalls.append(found / np.maximum(num_gts, 1))
    recall = np.stack(recalls, axis=-1)
    curve = envelope.reshape(num_thrs, num_classes, -1)
    curve[:, num_gts == 0] = np.nan
    recall[:, num_gts == 0] = np.nan
    return curve, recall


def _envelope(
    hits: RankedHits,
    weights: NDArray[np.int64],
    true: NDArray[np.int64],
    num_seen: NDArray[np.int64],
    needed: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Best precision from each recall point on (T * K, 101).

    Args:
        hits: at one size.
        weights: (N,) of the ranked detections.
        true: (E + 1,) weighted hits that count before each hit, running on over all segments.
        num_seen: (E,) weighted detections that count up to and with each hit, in its segment.
        needed: (T * K, 101) hits that reach each recall point.
    """
    base, num_true, bounds = true[hits.bounds[:-1]], true[1:], hits.bounds
    if len(hits.ties.row):
        copies = weights[hits.position[hits.ties.row]]
        num_true, num_seen, bounds = with_copies(hits.ties, copies, num_true, num_seen, bounds)
    begins, ends = bounds[:-1, None], bounds[1:, None]
    own_true = num_true - np.repeat(base, np.diff(bounds))
    precision = own_true / (num_seen + np.spacing(1))  # as in pycocotools
    wanted = base[:, None] + needed
    reached = np.searchsorted(num_true, wanted.ravel(), side='left').reshape(wanted.shape)
    reached = np.clip(reached, begins, ends)
    best = np.maximum.reduceat(
        np.append(precision, 0.0), np.concatenate([reached, ends], axis=1).ravel()
    ).reshape(len(ends), -1)[:, :-1]
    best = np.where(reached < ends, best, 0.0)
    return np.maximum.accumulate(best[:, ::-1], axis=1)[:, ::-1]


def _needed(num_gts: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many objects must be found for each of `RECALL_POINTS` (K, 101).

    Recall is a rounded quotient, and pycocotools compares that with the rounded point: then 3 of
    10 objects are a recall of 0.3 or not as floats have it, and so here.
    """
    total = np.maximum(num_gts, 1)[:, None]
    guess = np.ceil(RECALL_POINTS * total).astype(np.int64)
    for _ in range(2):
        guess = np.where((guess - 1) / total >= RECALL_POINTS, guess - 1, guess)
        guess = np.where(guess / total >= RECALL_POINTS, guess, guess + 1)
    return np.maximum(guess, 0)


def _running(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums of the first 0, 1, ..., N values (N + 1,)."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def _mean(values: NDArray[np.float64]) -> float | None:
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else None


def _checked(weights: ArrayLike, ranking: Ranking) -> NDArray[np.int64]:
    counts = np.asarray(weights)
    if counts.dtype.kind not in 'iub' or counts.ndim != 1 or (counts < 0).any():
        raise DataError('weights say how often each image counts: whole numbers from 0')
    if len(counts) != ranking.num_images:
        raise DataError(f'{len(counts)} weights for {ranking.num_images} images')
    return counts.astype(np.int64)
