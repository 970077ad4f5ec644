from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections, GroundTruth


def test_types_are_brought_to_those_stated() -> None:
    detections = Detections([[0, 0, 1, 1]], [1], np.array([2], dtype=np.int32))
    assert detections.bboxes.dtype == np.float32
    assert detections.scores.dtype == np.float64
    assert detections.labels.dtype == np.int64
    truth = GroundTruth([[0, 0, 1, 1]], [2], [1])
    assert truth.ignore.dtype == np.bool_


def test_scores_keep_their_precision() -> None:
    for dtype in (np.float16, np.float32, np.float64):
        assert Detections([[0, 0, 1, 1]], np.array([0.3], dtype), [0]).scores.dtype == dtype


@pytest.mark.parametrize('empty', [[], np.zeros((0, 4)), np.zeros((0,))])
def test_nothing_is_a_normal_case(empty) -> None:
    assert Detections(empty, [], []).bboxes.shape == (0, 4)
    assert GroundTruth(empty, [], []).bboxes.shape == (0, 4)
    assert len(Detections.empty().labels) == len(GroundTruth.empty().labels) == 0


@pytest.mark.parametrize(
    ('make', 'message'),
    [
        (lambda: Detections([[0, 0, 1, 1]], [], [0]), 'scores of shape'),
        (lambda: Detections([[0, 0, 1, 1]], [[0.5]], [0]), 'scores of shape'),
        (lambda: Detections([[0, 0, 1, 1]], [0.5], [0, 1]), 'labels of shape'),
        (lambda: Detections([[0, 0, 1]], [0.5], [0]), 'x1, y1, x2, y2'),
        (lambda: Detections([[0, 0, 1, 1]], [0.5], [0.5]), 'integers'),
        (lambda: GroundTruth([[0, 0, 1, 1]], [0], []), 'ignore of shape'),
        (lambda: GroundTruth([0, 0, 1, 1], [0], [0]), 'x1, y1, x2, y2'),
    ],
)
def test_what_does_not_fit_together_is_refused(make, message) -> None:
    with pytest.raises(DataError, match=message):
        make()
