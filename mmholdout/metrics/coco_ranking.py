"""Matches in the order in which precision and recall are counted, ready to be counted often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.coco_ties import Ties, find_ties, tied_groups
from mmholdout.metrics.matches import Matches


@dataclass(frozen=True, eq=False)
class RankedHits:
    """The detections that found something, at one size, by threshold, class and position.

    Attributes:
        position: int64 (E,) place among the ranked detections.
        is_counted: bool (E,), what was found counts; else it is ignored.
        bounds: int64 (T * K + 1,): those of threshold t and class k are
            `bounds[t * K + k] : bounds[t * K + k + 1]`.
        ties: those of them that share a score with another detection of their image and class.
    """

    position: NDArray[np.int64]
    is_counted: NDArray[np.bool_]
    bounds: NDArray[np.int64]
    ties: Ties


@dataclass(frozen=True, eq=False)
class Ranking:
    """Detections by class, falling score, image, and the order given; objects beside them.

    Attributes:
        options: the thresholds and sizes that were asked for.
        num_images: images, those without anything included.
        image: int64 (N,) image of each detection.
        rank: int64 (N,) place of the detection in its image and class.
        class_bounds: int64 (K + 1,): class k has the positions from bound k up to bound k + 1.
        in_area: bool (A, N), the detection has that size.
        hits: one per size.
        gt_image: int64 (M,).
        gt_labels: int64 (M,).
        gt_counted: bool (A, M), the object is to be found.
    """

    options: COCOOptions
    num_images: int
    image: NDArray[np.int64]
    rank: NDArray[np.int64]
    class_bounds: NDArray[np.int64]
    in_area: NDArray[np.bool_]
    hits: tuple[RankedHits, ...]
    gt_image: NDArray[np.int64]
    gt_labels: NDArray[np.int64]
    gt_counted: NDArray[np.bool_]

    @property
    def num_classes(self) -> int:
        """Labels are 0 to num_classes - 1."""
        return len(self.class_bounds) - 1


def rank_matches(
    matches: Matches, iou_thrs: Sequence[float] | None = None, areas: Sequence[str] | None = None
) -> Ranking:
    """Order matches once; `accumulate` then counts them under any weights.

    Args:
        matches: from `match_coco`.
        iou_thrs: only these; all where None.
        areas: only these; all where None.

    Raises:
        ValueError: a threshold or size was not matched.
    """
    scene, options = matches.scene, matches.options
    found, objects = scene.detections, scene.objects
    thr_ids = [options.iou_thrs.index(thr) for thr in iou_thrs or options.iou_thrs]
    area_ids = [matches.area_index(name) for name in areas or options.areas]
    names = list(options.areas)

    order = scene.by_score[scene.rank[scene.by_score] < options.max_dets[-1]]
    labels = found.labels[order]
    class_bounds = np.searchsorted(labels, np.arange(scene.num_classes + 1))
    place = np.full(len(found), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    position = place[matches.hits.det]
    by_position = np.argsort(position, kind='stable')
    position = position[by_position]
    in_area = [matches.in_area(area)[order] for area in area_ids]

    tie = tied_groups(found.image[order], labels, found.scores[order])

    hits = []
    for area, fits in zip(area_ids, in_area):
        is_counted = ~matches.gt_ignore[area, matches.hits.gt[by_position]]
        rows = [np.flatnonzero(matches.hit_at(thr, area)[by_position]) for thr in thr_ids]
        starts = np.cumsum([0, *(len(row) for row in rows)])
        bounds = [
            start + np.searchsorted(position[row], class_bounds[:-1])
            for start, row in zip(starts, rows)
        ]
        row, bound = np.concatenate(rows), np.concatenate([*bounds, starts[-1:]])
        places, counted = position[row], is_counted[row]
        ties = find_ties(tie, fits, places, counted, bound)
        hits.append(RankedHits(places, counted, bound, ties))
    return Ranking(
        options=replace(
            options,
            iou_thrs=tuple(options.iou_thrs[thr] for thr in thr_ids),
            areas={names[area]: options.areas[names[area]] for area in area_ids},
        ),
        num_images=scene.num_images,
        image=found.image[order],
        rank=scene.rank[order],
        class_bounds=class_bounds,
        in_area=np.stack(in_area),
        hits=tuple(hits),
        gt_image=objects.image,
        gt_labels=objects.labels,
        gt_counted=~matches.gt_ignore[area_ids],
    )
