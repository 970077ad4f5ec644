from __future__ import annotations

import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene_build import scene_from_arrays, scene_from_images

BOX = [0.0, 0.0, 10.0, 5.0]
FOUND = [
    Detections([[1, 2, 4, 8], [0, 0, 3, 3]], [0.1, 0.2], [1, 0]),
    Detections.empty(),
    Detections([[5, 5, 9, 7]], [0.3], [0]),
]
TRUTH = [
    GroundTruth.empty(),
    GroundTruth([[0, 0, 2, 3], [1, 1, 5, 5]], [0, 1], [False, True]),
    GroundTruth([[0, 0, 7, 1]], [0], [False]),
]
# the same in another order of images
ARRAYS = {
    'images': ['p', 'q', 'r'],
    'num_classes': 2,
    'det_images': ['r', 'p', 'p'],
    'det_bboxes': [[5, 5, 4, 2], [1, 2, 3, 6], [0, 0, 3, 3]],
    'det_labels': [0, 1, 0],
    'det_scores': [0.3, 0.1, 0.2],
    'gt_images': ['r', 'q', 'q'],
    'gt_bboxes': [[0, 0, 7, 1], [0, 0, 2, 3], [1, 1, 4, 4]],
    'gt_labels': [0, 0, 1],
    'gt_crowd': [0, 0, 1],
}


def fields(scene):
    found, objects = vars(scene.detections), vars(scene.objects)
    return [{name: values.tolist() for name, values in part.items()} for part in (found, objects)]


def test_both_ways_give_the_same_scene() -> None:
    scene = scene_from_images(FOUND, TRUTH, 2)
    assert fields(scene) == fields(scene_from_arrays(**ARRAYS))
    assert scene.detections.image.tolist() == [0, 0, 2]
    assert scene.detections.bboxes.tolist() == [[1, 2, 3, 6], [0, 0, 3, 3], [5, 5, 4, 2]]
    assert scene.objects.area.tolist() == [6, 16, 7]
    assert scene.objects.ignore.tolist() == scene.objects.crowd.tolist() == [False, True, False]


def test_areas_and_crowds_as_given() -> None:
    scene = scene_from_images(
        FOUND, TRUTH, 2, crowd=[[], [False, False], [True]], areas=[[], [1.5, 2.5], [3]]
    )
    assert scene.objects.area.tolist() == [1.5, 2.5, 3]
    assert scene.objects.crowd.tolist() == [False, False, True]
    assert scene.objects.ignore.tolist() == [False, True, True]
    scene = scene_from_arrays(**ARRAYS, gt_ignore=[1, 0, 0], gt_areas=[3, 1.5, 2.5])
    assert scene.objects.area.tolist() == [1.5, 2.5, 3]
    assert scene.objects.crowd.tolist() == [False, True, False]
    assert scene.objects.ignore.tolist() == [False, True, True]


def test_names_in_messages() -> None:
    bad = [Detections([BOX], [float('nan')], [0])]
    truth = [GroundTruth.empty()]
    with pytest.raises(DataError, match='image 0 has'):
        scene_from_images(bad, truth, 1)
    with pytest.raises(DataError, match=r"image 'x\.jpg' has"):
        scene_from_images(bad, truth, 1, image_names=['x.jpg'])


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'images': ['p', 'q', 'r', 'q']}, "image 'q' is listed more than once"),
        ({'det_scores': [0.1, 0.2]}, r'detections do not fit together: .* \[3, 3, 3, 2\]'),
        ({'gt_labels': [0, 0]}, 'objects do not fit together'),
        ({'gt_areas': [1.0]}, 'objects do not fit together'),
        ({'det_labels': [0.0, 1.0, 0.0]}, 'labels have type float64'),
    ],
)
def test_arrays_that_do_not_fit(changes, message) -> None:
    with pytest.raises(DataError, match=message):
        scene_from_arrays(**{**ARRAYS, **changes})


def test_images_that_do_not_fit() -> None:
    with pytest.raises(DataError, match='3 images with detections, 2 with truth'):
        scene_from_images(FOUND, TRUTH[:2], 2)
    with pytest.raises(DataError, match='areas do not fit the objects'):
        scene_from_images(FOUND, TRUTH, 2, areas=[[], [1.0], [2.0, 3.0]])
    with pytest.raises(DataError, match='crowd do not fit the objects'):
        scene_from_images(FOUND, TRUTH, 2, crowd=[[], [True, True]])


def test_no_image_at_all() -> None:
    assert scene_from_images([], [], 2).num_images == 0
