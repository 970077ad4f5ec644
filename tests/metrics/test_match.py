from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.metrics import match
from mmholdout.metrics.boxes import iou
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.match import FALSE, NEUTRAL, TRUE, best_overlap, judge
from mmholdout.metrics.pooled import pool_detections, pool_ground_truth


def match_one_image(detections: Detections, truth: GroundTruth, iou_thr=0.5) -> list[int]:
    """Verdicts in input order."""
    dets = pool_detections([detections], 2, ['image'])
    gts = pool_ground_truth([truth], 2, ['image'])
    best_object, best_iou = best_overlap(dets, gts, 2)
    order = np.argsort(-dets.scores, kind='stable')
    verdict = np.empty(len(dets), dtype=int)
    verdict[order] = judge(best_object[order], best_iou[order], gts.ignore, iou_thr)
    return verdict.tolist()


A, A_SHIFTED, B, FAR = [0, 0, 10, 10], [0, 0, 10, 8], [0, 0, 10, 7], [50, 50, 60, 60]


@pytest.mark.parametrize(
    ('bboxes', 'scores', 'objects', 'ignore', 'expected'),
    [
        ([A], [0.9], [A], [0], [TRUE]),
        ([A], [0.9], [FAR], [0], [FALSE]),
        ([A], [0.9], [], [], [FALSE]),
        ([], [], [A], [0], []),
        ([A, A], [0.8, 0.9], [A], [0], [FALSE, TRUE]),  # the higher score takes it
        ([A, A], [0.9, 0.9], [A], [0], [TRUE, FALSE]),  # tie: the earlier one
        ([A, A], [0.8, 0.9], [A], [1], [NEUTRAL, NEUTRAL]),  # however often
        # both overlap A most: the second one is wrong although B would do (0.7 >= 0.5)
        ([A, A], [0.9, 0.8], [A, B], [0, 0], [TRUE, FALSE]),
        # of equal overlaps the object that counts comes before the ignored one
        ([A], [0.9], [A, A], [1, 0], [TRUE]),
        # the ignored object overlaps more
        ([A], [0.9], [A, A_SHIFTED], [1, 0], [NEUTRAL]),
        ([[0, 0, 5, 10]], [0.9], [A], [0], [TRUE]),  # exactly at the threshold
        ([[0, 0, 4.99, 10]], [0.9], [A], [0], [FALSE]),
    ],
)
def test_voc_rule(bboxes, scores, objects, ignore, expected) -> None:
    detections = Detections(bboxes, scores, np.zeros(len(bboxes), int))
    truth = GroundTruth(objects, np.zeros(len(objects), int), ignore)
    assert match_one_image(detections, truth) == expected


def test_objects_of_other_classes_and_images_are_out_of_reach() -> None:
    dets = pool_detections([Detections([A], [0.9], [0]), Detections.empty()], 2, 'ab')
    gts = pool_ground_truth([GroundTruth([A], [1], [0]), GroundTruth([A], [0], [0])], 2, 'ab')
    best_object, best_iou = best_overlap(dets, gts, 2)
    assert best_object.tolist() == [-1]
    assert best_iou.tolist() == [-1.0]


@given(st.integers(0, 2**32), st.booleans(), st.sampled_from([1, 3, 500_000]))
def test_equals_plain_loops(make_scene, seed, legacy_pixel, pairs_at_once) -> None:
    detections, ground_truth, classes = make_scene(seed)
    dets = pool_detections(detections, classes, range(9))
    gts = pool_ground_truth(ground_truth, classes, range(9))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(match, '_PAIRS_AT_ONCE', pairs_at_once)
        best_object, best_iou = best_overlap(dets, gts, classes, legacy_pixel)
    for det in range(len(dets)):
        expected = (-1, -1.0)
        for obj in sorted(range(len(gts)), key=lambda obj: bool(gts.ignore[obj])):
            same = (gts.image[obj], gts.labels[obj]) == (dets.image[det], dets.labels[det])
            value = float(iou(dets.bboxes[det], gts.bboxes[obj], legacy_pixel))
            if same and value > expected[1]:
                expected = (obj, value)
        assert (best_object[det], best_iou[det]) == expected
