from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.pooled import pool_detections, pool_ground_truth

BOX = [0, 0, 1, 1]
NAMES = ['first', 'second', 'third']


def test_image_order_then_input_order() -> None:
    images = [
        Detections([BOX, BOX], [0.1, 0.9], [1, 0]),
        Detections.empty(),
        Detections([BOX], [0.5], [1]),
    ]
    pooled = pool_detections(images, 2, NAMES)
    assert pooled.image.tolist() == [0, 0, 2]
    assert pooled.scores.tolist() == [0.1, 0.9, 0.5]
    assert pooled.labels.tolist() == [1, 0, 1]
    assert len(pooled) == 3


def test_a_float32_score_is_held_exactly() -> None:
    score = np.float32(0.3)
    pooled = pool_detections([Detections([BOX], np.array([score]), [0])], 1, NAMES)
    assert pooled.scores[0] == float(score)


@pytest.mark.parametrize('images', [[], [Detections.empty()] * 3])
def test_no_boxes_at_all(images) -> None:
    pooled = pool_detections(images, 2, NAMES)
    assert pooled.bboxes.shape == (0, 4)
    assert len(pooled) == len(pooled.scores) == 0


@pytest.mark.parametrize(
    ('bad', 'message'),
    [
        (Detections([BOX], [np.nan], [0]), "'second' has a detection with score nan"),
        (Detections([BOX], [np.inf], [0]), "'second' has a detection with score inf"),
        (Detections([[0, 0, np.nan, 1]], [0.5], [0]), "'second' has a detection with box"),
        (Detections([[0, 0, np.inf, 1]], [0.5], [0]), "'second' has a detection with box"),
        (Detections([[1, 0, 0, 1]], [0.5], [0]), "'second' .* negative side"),
        (Detections([[0, 1, 1, 0]], [0.5], [0]), "'second' .* negative side"),
        (Detections([BOX], [0.5], [2]), 'label 2; with 2 classes labels are 0 to 1'),
        (Detections([BOX], [0.5], [-1]), 'label -1'),
        (Detections([BOX, BOX], [np.nan, np.nan], [0, 0]), r'\(2 such in 1 images\)'),
    ],
)
def test_bad_detections_name_their_image(bad, message) -> None:
    good = Detections([BOX], [0.5], [1])
    with pytest.raises(DataError, match=message):
        pool_detections([good, bad, good], 2, NAMES)


@pytest.mark.parametrize(
    ('bad', 'message'),
    [
        (GroundTruth([[0, 0, np.nan, 1]], [0], [False]), "'second' has an object with box"),
        (GroundTruth([[0, 3, 1, 2]], [0], [True]), "'second' .* negative side"),
        (GroundTruth([BOX], [7], [True]), "'second' has an object with label 7"),
    ],
)
def test_bad_objects_name_their_image(bad, message) -> None:
    with pytest.raises(DataError, match=message):
        pool_ground_truth([GroundTruth.empty(), bad], 2, NAMES)


def test_a_box_without_area_is_no_negative_one() -> None:
    flat = Detections([[1, 1, 1, 1], [0, 2, 5, 2]], [0.5, 0.5], [0, 0])
    assert len(pool_detections([flat], 1, NAMES)) == 2
