from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.judged_images import images_of_matches
from mmholdout.metrics.scene_build import scene_from_images

FOUND = [
    Detections([[50, 50, 60, 60], [0, 0, 9, 9]], [0.9, 0.5], [0, 0]),
    Detections([[0, 0, 9, 9], [20, 0, 29, 9]], [0.7, 0.6], [0, 1]),
]
TRUTH = [
    GroundTruth([[0, 0, 9, 9]], [0], [False]),
    GroundTruth([[0, 0, 9, 9], [20, 0, 29, 9]], [0, 1], [True, False]),
]


def test_neutral_detections_and_ignored_objects_are_left_out() -> None:
    judged = images_of_matches(match_coco(scene_from_images(FOUND, TRUTH, 2)))
    assert judged.image.tolist() == [0, 0, 1]
    assert judged.labels.tolist() == [0, 0, 1]
    assert judged.scores.tolist() == [0.9, 0.5, 0.6]
    assert judged.is_true.tolist() == [False, True, True]
    assert judged.object_image.tolist() == [0, 1]
    assert judged.object_labels.tolist() == [0, 1]
    assert (judged.num_images, judged.num_classes, len(judged)) == (2, 2, 3)


def test_a_threshold_that_was_not_matched() -> None:
    with pytest.raises(ConfigError, match=r'iou_thr is 0\.42'):
        images_of_matches(match_coco(scene_from_images(FOUND, TRUTH, 2)), 0.42)


def test_voc_leaves_the_same(make_scene) -> None:
    """Where COCO's and VOC's rules agree: one object of a class in an image at most."""
    from mmholdout.metrics.voc import evaluate_voc

    voc = evaluate_voc(FOUND, TRUTH, ['a', 'b']).judged
    coco = images_of_matches(match_coco(scene_from_images(FOUND, TRUTH, 2)))
    for name in ('image', 'labels', 'scores', 'is_true', 'object_image', 'object_labels'):
        np.testing.assert_array_equal(getattr(voc, name), getattr(coco, name))
