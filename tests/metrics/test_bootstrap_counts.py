from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_counts import image_tallies, replicate_points
from mmholdout.metrics.operating_point import point_at
from mmholdout.metrics.voc import evaluate_voc


@pytest.mark.guarantee
@pytest.mark.parametrize('score_thr', [0.25, 0.5, 2.0])
def test_each_replicate_is_the_point_of_the_repeated_images(make_scene, score_thr) -> None:
    found, truth, _ = make_scene(8, images=9)
    judged = evaluate_voc(found, truth, ['a', 'b']).judged
    precision, recall = replicate_points(image_tallies(judged, score_thr), Draws(9, 300))
    drawn = np.random.default_rng(0).integers(0, 9, (300, 9))
    for row, own_precision, own_recall in zip(drawn, precision, recall):
        counts = np.bincount(row, minlength=9)
        times = counts[judged.image]
        point = point_at(
            np.repeat(judged.scores, times),
            np.repeat(judged.is_true, times),
            int(counts[judged.object_image].sum()),
            score_thr,
        )
        assert (own_precision, own_recall) == (point.precision, point.recall)


def test_tallies_by_hand(make_scene) -> None:
    found, truth, _ = make_scene(8, images=9)
    result = evaluate_voc(found, truth, ['a', 'b'])
    right, kept, objects = image_tallies(result.judged, result.point.score_thr).sum(axis=0)
    assert right / kept == result.point.precision
    assert right / objects == result.point.recall
