from __future__ import annotations

import gc
import json

import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.coco_files import read_coco_files


@pytest.fixture
def write(tmp_path):
    def write_both(found, **changes):
        truth = {
            'images': [{'id': 20, 'file_name': 'b.jpg'}, {'id': 3}, {'id': 100}],
            'categories': [{'id': 7, 'name': 'nut'}, {'id': 2, 'name': 'bolt'}],
            'annotations': [
                {'id': 1, 'image_id': 100, 'category_id': 7, 'bbox': [10, 20, 5, 6], 'area': 11},
                {'id': 2, 'image_id': 3, 'category_id': 2, 'bbox': [1, 1, 2, 2], 'iscrowd': 1},
                {'id': 3, 'image_id': 3, 'category_id': 7, 'bbox': [0, 0, 2, 2], 'ignore': 1},
            ],
            **changes,
        }
        (tmp_path / 'p.json').write_text(json.dumps(found))
        (tmp_path / 'g.json').write_text(json.dumps(truth))
        return tmp_path / 'p.json', tmp_path / 'g.json'

    return write_both


def detection(image, category, bbox, score):
    return {'image_id': image, 'category_id': category, 'bbox': bbox, 'score': score}


FOUND = [
    detection(100, 2, [0, 0, 1.5, 1], 0.1),
    detection(3, 7, [4, 5, 6, 7], 0.2),
    detection(100, 7, [1, 2, 3, 4], 0.3),
]


def test_scene_in_order_of_image_ids(write):
    scene = read_coco_files(*write(FOUND)).scene()
    assert scene.num_images == 3 and scene.num_classes == 2
    assert scene.detections.image.tolist() == [0, 2, 2]
    assert scene.detections.scores.tolist() == [0.2, 0.1, 0.3]
    assert scene.detections.labels.tolist() == [1, 0, 1]
    assert scene.objects.image.tolist() == [0, 0, 2]
    assert scene.objects.area.tolist() == [4, 4, 11]
    assert scene.objects.crowd.tolist() == [True, False, False]
    assert scene.objects.ignore.tolist() == [True, False, False], 'as pycocotools: no `ignore`'


def test_per_image_for_voc(write):
    files = read_coco_files(*write(FOUND))
    detections, truth = files.per_image()
    assert [len(each.labels) for each in detections] == [1, 0, 2]
    assert [len(each.labels) for each in truth] == [2, 0, 1]
    assert detections[2].bboxes.tolist() == [[0, 0, 1.5, 1], [1, 2, 4, 6]]
    assert detections[2].scores.tolist() == [0.1, 0.3]
    assert truth[0].ignore.tolist() == [True, True] and truth[2].ignore.tolist() == [False]
    assert truth[2].bboxes.dtype == np.float32
    assert truth[2].bboxes.tolist() == [[10, 20, 15, 26]]
    assert files.image_names() == ['3', '20 (b.jpg)', '100']


@pytest.mark.parametrize('images', [[{'id': 3}], [{'id': 3}, {'id': 20}, {'id': 100}]])
def test_no_detections_and_no_objects(write, images):
    files = read_coco_files(*write([], annotations=[], images=images))
    detections, truth = files.per_image()
    assert [len(each.labels) for each in detections] == [0] * len(images)
    assert [len(each.labels) for each in truth] == [0] * len(images)
    assert len(files.scene().detections) == len(files.scene().objects) == 0


@pytest.mark.parametrize('enabled', [True, False])
def test_the_collector_is_as_before_also_after_a_defect(write, enabled):
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(DataError, match='image_id that the ground truth lacks'):
            read_coco_files(*write([detection(4, 7, [1, 2, 3, 4], 0.3)]))
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
