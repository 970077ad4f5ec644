from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.scene_build import scene_from_arrays

HIT, MISS = [0, 0, 40, 40], [200, 200, 10, 10]  # medium and small


def matches_of(rows, gts=((0, 0), (1, 0), (1, 1))):
    """Rows of (image, label, score, box); an object at HIT for each (image, label)."""
    images, labels, scores, boxes = zip(*rows)
    return match_coco(
        scene_from_arrays(
            [0, 1, 2],
            2,
            det_images=images,
            det_bboxes=boxes,
            det_labels=labels,
            det_scores=scores,
            gt_images=[image for image, _ in gts],
            gt_bboxes=[HIT for _ in gts],
            gt_labels=[label for _, label in gts],
        )
    )


ROWS = [
    (0, 1, 0.9, MISS),
    (0, 0, 0.2, HIT),
    (1, 0, 0.8, HIT),
    (1, 1, 0.1, HIT),
    (2, 0, 0.8, MISS),
]


def test_order_and_bounds() -> None:
    ranking = rank_matches(matches_of(ROWS))
    assert ranking.image.tolist() == [1, 2, 0, 0, 1]
    assert ranking.class_bounds.tolist() == [0, 3, 5]
    assert ranking.num_classes == 2
    assert ranking.num_images == 3
    assert ranking.in_area[1].tolist() == [False, True, False, True, False]
    assert ranking.gt_counted.tolist() == [[True] * 3, [False] * 3, [True] * 3, [False] * 3]
    hits = ranking.hits[0]
    assert hits.position.tolist() == [0, 2, 4] * 10
    assert hits.is_counted.all()
    assert hits.bounds.tolist() == [0, *(3 * thr + end for thr in range(10) for end in (2, 3))]
    assert not ranking.hits[1].is_counted.any()


def test_a_part_of_the_thresholds_and_sizes() -> None:
    ranking = rank_matches(matches_of(ROWS), [0.75], ['medium', 'all'])
    assert ranking.options.iou_thrs == (0.75,)
    assert list(ranking.options.areas) == ['medium', 'all']
    assert len(ranking.hits) == len(ranking.in_area) == len(ranking.gt_counted) == 2
    assert ranking.hits[1].bounds.tolist() == [0, 2, 3]
    with pytest.raises(ValueError, match='not in tuple'):
        rank_matches(matches_of(ROWS), [0.77])


def test_detections_beyond_the_limit_are_left_out() -> None:
    ranking = rank_matches(matches_of([(0, 0, 0.5, MISS)] * 120 + [(1, 1, 0.5, HIT)]))
    assert ranking.class_bounds.tolist() == [0, 100, 101]
    assert ranking.rank.max() == 99
    assert ranking.hits[0].position.tolist() == [100] * 10


def test_hits_with_ties() -> None:
    rows = [
        *[(0, 0, 0.5, HIT), (0, 0, 0.5, MISS)],  # one of both found something
        *[(1, 0, 0.5, MISS), (1, 0, 0.5, MISS)],  # nothing found
        *[(1, 1, 0.5, MISS), (1, 1, 0.4, HIT)],  # scores differ
    ]
    ranking = rank_matches(matches_of(rows), [0.5, 0.75], ['all'])
    assert ranking.hits[0].position.tolist() == [0, 5, 0, 5]
    assert ranking.hits[0].ties.row.tolist() == [0, 2]
    assert ranking.hits[0].ties.seen_in_all.tolist() == [2, 2]
    assert len(rank_matches(matches_of(ROWS)).hits[0].ties.row) == 0


def test_without_detections() -> None:
    scene = scene_from_arrays(
        [0],
        2,
        det_images=[],
        det_bboxes=[],
        det_labels=[],
        det_scores=[],
        gt_images=[0],
        gt_bboxes=[HIT],
        gt_labels=[1],
    )
    ranking = rank_matches(match_coco(scene))
    assert ranking.class_bounds.tolist() == [0, 0, 0]
    assert len(ranking.hits[0].ties.row) == 0
    assert np.all(ranking.hits[0].bounds == 0)
