from __future__ import annotations

import numpy as np
import pytest
import torch
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.errors import DataError
from mmholdout.evaluation.predictions import read_predictions


@pytest.mark.parametrize('as_dict', [False, True])
def test_sample_or_its_dict(make_sample, boxes, as_dict) -> None:
    sample = make_sample('x', [boxes[0]], [0.25], [1])
    img_id, detections = read_predictions(sample.to_dict() if as_dict else sample)
    assert img_id == 'x'
    assert detections.bboxes.tolist() == [boxes[0]]
    assert detections.scores.tolist() == [0.25]
    assert detections.labels.tolist() == [1]


def test_box_containers(make_sample, boxes) -> None:
    sample = make_sample('x', [boxes[0]], [0.25], [1])
    sample.pred_instances.bboxes = HorizontalBoxes(sample.pred_instances.bboxes)
    assert read_predictions(sample)[1].bboxes.tolist() == [boxes[0]]


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16, torch.float32])
def test_scores_of_mixed_precision_are_held_exactly(make_sample, boxes, dtype) -> None:
    detections = read_predictions(make_sample('x', [boxes[0]], [0.3], [1], dtype))[1]
    assert detections.scores.dtype == np.float32
    assert detections.scores[0] == torch.tensor(0.3, dtype=dtype).item()


def test_nothing_found(make_sample) -> None:
    assert len(read_predictions(make_sample(7))[1].labels) == 0


def test_a_sample_that_requires_grad(make_sample, boxes) -> None:
    sample = make_sample('x', [boxes[0]], [0.25], [1])
    sample.pred_instances.scores.requires_grad_()
    assert read_predictions(sample)[1].scores.tolist() == [0.25]


def test_parts_that_do_not_fit_name_the_image() -> None:
    parts = {'bboxes': np.zeros((2, 4)), 'scores': np.zeros(1), 'labels': np.zeros(2, int)}
    with pytest.raises(DataError, match="image 'x': detections do not fit together"):
        read_predictions({'img_id': 'x', 'pred_instances': parts})
