from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.scene_build import scene_from_arrays
from mmholdout.metrics.scene_checks import image_indices

BOX = [0.0, 0.0, 10.0, 5.0]
NAN, INF = float('nan'), float('inf')


def arrays(**changes):
    return {
        'images': ['a.jpg', 'b.jpg'],
        'num_classes': 2,
        'det_images': ['a.jpg', 'b.jpg', 'b.jpg'],
        'det_bboxes': [BOX] * 3,
        'det_labels': [0, 1, 1],
        'det_scores': [0.5, 0.5, 0.5],
        'gt_images': ['a.jpg', 'b.jpg'],
        'gt_bboxes': [BOX] * 2,
        'gt_labels': [0, 1],
        'gt_areas': [10.0, 0.0],
        **changes,
    }


def message_of(**changes) -> str:
    with pytest.raises(DataError) as caught:
        scene_from_arrays(**arrays(**changes))
    return str(caught.value)


def test_good_arrays_pass() -> None:
    assert len(scene_from_arrays(**arrays()).detections) == 3


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'det_scores': [0.5, NAN, INF]}, "'b.jpg' has a detection with score nan (2 such in 1 im"),
        ({'det_bboxes': [BOX, BOX, [0, 0, NAN, 1]]}, "'b.jpg' has a detection with box"),
        ({'det_bboxes': [BOX, [0, 0, 1, -2], BOX]}, '[0.0, 0.0, 1.0, -2.0]; a side is negative'),
        ({'det_labels': [0, 2, 1]}, "'b.jpg' has a detection with label 2; with 2 classes labels"),
        ({'det_labels': [-1, 1, 1]}, "'a.jpg' has a detection with label -1"),
        ({'gt_bboxes': [BOX, [0, 0, -3, 1]]}, "'b.jpg' has an object with box"),
        ({'gt_bboxes': [[INF, 0, 3, 1], BOX]}, "'a.jpg' has an object with box"),
        ({'gt_labels': [0, 5]}, "'b.jpg' has an object with label 5"),
        ({'gt_areas': [1.0, NAN]}, "'b.jpg' has an object with area nan"),
        ({'gt_areas': [-1.0, 2.0]}, "'a.jpg' has an object with area -1.0"),
        ({'gt_areas': [1.0, INF]}, "'b.jpg' has an object with area inf"),
    ],
)
def test_what_means_nothing_is_refused_with_its_image(changes, message) -> None:
    assert message in message_of(**changes)


def test_all_problems_at_once() -> None:
    text = message_of(det_scores=[NAN] * 3, gt_labels=[0, 5])
    assert text.startswith('2 problems')
    assert '(3 such in 2 images)' in text


def test_a_bad_box_is_not_named_again_for_its_area() -> None:
    text = message_of(gt_bboxes=[BOX, [0, 0, -3, 1]], gt_areas=None)
    assert 'a side is negative' in text
    assert 'area' not in text


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (
            {'det_images': ['a.jpg', 'x.jpg', 'x.jpg']},
            "detections: image 'x.jpg' is none of the 2 images with ground truth; are these the",
        ),
        (
            {'det_images': ['x.jpg', 'z.jpg', 'y.jpg']},
            "'x.jpg' is none of the 2 images with ground truth, nor are 2 others; are",
        ),
        ({'gt_images': ['a.jpg', 'c.jpg']}, "objects: image 'c.jpg' is none"),
        ({'det_images': [1, 2, 2]}, 'detections: image 1 is none of the 2 images'),
        ({'images': [1, 2], 'gt_images': [1, 2]}, "detections: image 'a.jpg' is none of the 2"),
        ({'images': []}, "detections: image 'a.jpg' is none of the 0"),
    ],
)
def test_unknown_images_are_refused(changes, message) -> None:
    assert message in message_of(**changes)


def test_positions_of_ids_in_any_order() -> None:
    found = image_indices(np.array([7, 9, 7, 3]), np.array([9, 3, 7]), 'detections')
    assert found.tolist() == [2, 0, 2, 1]
    assert image_indices(np.array([]), np.array([]), 'detections').tolist() == []
