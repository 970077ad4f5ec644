from __future__ import annotations

import json
import math

import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.coco_predictions_file import read_predictions

GOOD = {'image_id': 30, 'category_id': 8, 'bbox': [1, 2, 3.5, 4], 'score': 0.5}


@pytest.fixture
def read(tmp_path):
    def write_and_read(value, image_ids=(10, 30)):
        path = tmp_path / 'pred.json'
        path.write_text(json.dumps(value))
        return read_predictions(path, image_ids, (2, 8))

    return write_and_read


def test_values_in_the_order_of_the_file(read):
    more = {'segmentation': {'counts': 'x', 'size': [1, 2]}}
    found = read([GOOD, GOOD | {'image_id': 10, 'category_id': 2, 'score': 1} | more])
    assert len(found) == 2
    assert found.images.tolist() == [1, 0] and found.labels.tolist() == [1, 0]
    assert found.bboxes.tolist() == [[1, 2, 3.5, 4]] * 2 and found.scores.tolist() == [0.5, 1]


def test_none(read):
    found = read([])
    assert len(found) == 0 and found.bboxes.shape == (0, 4)


def test_text_ids(read):
    assert read([GOOD | {'image_id': 'b'}], ('a', 'b')).images.tolist() == [1]


@pytest.mark.parametrize(
    ('change', 'sentence'),
    [
        ({'image_id': 99}, 'detection 1 (image 99) has an image_id that the ground truth lacks'),
        ({'image_id': 99}, 'another split'),
        ({'image_id': '30'}, 'here it is a text, there 30 is a number'),
        ({'image_id': None}, 'has image_id None'),
        ({'image_id': 30.0}, 'has image_id 30.0; a whole number or a text'),
        ({'category_id': 0}, 'category_id 0; the ground truth knows 2, 8. Are these labels'),
        ({'category_id': '8'}, "category_id '8'; the ground truth knows 2, 8"),
        ({'category_id': [8]}, 'category_id [8]; the ground truth'),
        ({'bbox': [1, 2, 3, -4]}, 'detection 1 (image 30) has bbox [1, 2, 3, -4]; a side is neg'),
        ({'bbox': None}, 'has bbox None; four numbers'),
        ({'bbox': [1, 2, 3, math.inf]}, 'must be finite'),
        ({'score': math.nan}, 'detection 1 (image 30) has score nan; a finite number'),
        ({'score': None}, 'has score None'),
        ({'score': '0.5'}, "has score '0.5'"),
        ({'score': True}, 'has score True'),
    ],
)
def test_each_defect_names_detection_and_image(read, change, sentence):
    with pytest.raises(DataError) as error:
        read([GOOD, GOOD | change])
    assert len(error.value.problems) == 1
    assert sentence in error.value.problems[0]


def test_number_for_text(read):
    with pytest.raises(DataError, match="here it is a number, there '7' is a text"):
        read([GOOD | {'image_id': 7}], ('7',))


def test_all_kinds_at_once(read):
    wrong = {'image_id': 99, 'category_id': 3, 'bbox': [1, 2, 3], 'score': math.nan}
    with pytest.raises(DataError) as error:
        read([wrong, 7, wrong, {}])
    assert len(error.value.problems) == 5
    kinds = [problem for problem in error.value.problems if problem.endswith('(3 such)')]
    assert len(kinds) == 4


@pytest.mark.parametrize(
    ('value', 'sentence'),
    [
        ({'annotations': [], 'images': []}, 'it looks like ground truth'),
        ({'0': [1]}, "an object with the keys ['0']"),
        (3, 'it is 3'),
        (None, 'it is None'),
    ],
)
def test_no_list(read, value, sentence):
    with pytest.raises(DataError) as error:
        read(value)
    assert sentence in str(error.value) and '"bbox": [x, y, width, height]' in str(error.value)
