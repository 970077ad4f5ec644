from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.scene import stable_by
from mmholdout.metrics.scene_build import scene_from_arrays

BOX = [0.0, 0.0, 10.0, 5.0]


def scene_with(images, labels, scores, num_images=3, num_classes=2):
    return scene_from_arrays(
        np.arange(num_images),
        num_classes,
        det_images=images,
        det_bboxes=[BOX] * len(images),
        det_labels=labels,
        det_scores=scores,
        gt_images=[0],
        gt_bboxes=[BOX],
        gt_labels=[0],
    )


def test_order_by_class_score_image_and_input() -> None:
    scene = scene_with([0, 0, 0, 1, 1, 2], [0, 1, 0, 0, 0, 1], [0.5, 0.2, 0.5, 0.9, 0.5, 0.7])
    assert scene.by_score.tolist() == [3, 0, 2, 4, 5, 1]
    assert scene.by_group.tolist() == [0, 2, 1, 3, 4, 5]
    assert scene.rank.tolist() == [0, 0, 1, 0, 1, 0]


def test_places_of_some() -> None:
    scene = scene_with([0, 0, 0, 1], [0, 0, 0, 0], [0.1, 0.9, 0.5, 0.3])
    assert scene.by_group.tolist() == [1, 2, 0, 3]
    assert scene.places(np.array([2, 0, 3])).tolist() == [0, 1, 0]


def test_no_detections() -> None:
    scene = scene_from_arrays(
        [4, 5],
        1,
        det_images=[],
        det_bboxes=[],
        det_labels=[],
        det_scores=[],
        gt_images=[],
        gt_bboxes=[],
        gt_labels=[],
    )
    assert scene.num_images == 2
    assert len(scene.detections) == len(scene.objects) == 0
    assert scene.by_score.tolist() == scene.rank.tolist() == []


def test_area_of_boxes() -> None:
    assert scene_with([0], [0], [0.5]).detections.area.tolist() == [50.0]


@pytest.mark.parametrize('most', [3, 300, 70_000])
def test_stable_by_is_a_stable_sort(most) -> None:
    keys = np.random.default_rng(0).integers(0, most, 2000)
    order = np.random.default_rng(1).permutation(2000)
    expected = sorted(order.tolist(), key=lambda index: keys[index])
    assert stable_by(keys, order).tolist() == expected
