from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from mmholdout.ops import soft_nms as module
from mmholdout.ops.soft_nms import softnms

METHODS = ('naive', 'linear', 'gaussian')


def overlap(a, b, offset):
    width = max(min(a[2], b[2]) - max(a[0], b[0]) + offset, 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]) + offset, 0)
    areas = [(box[2] - box[0] + offset) * (box[3] - box[1] + offset) for box in (a, b)]
    union = sum(areas) - width * height
    return width * height / union if union else 0.0


def reference(boxes, scores, iou_threshold, sigma, min_score, method, offset):
    """The paper's figure 2, box by box; and the closest decision that it took."""
    left = dict(enumerate(scores))
    kept, final, closest = [], [], 1.0
    while left:
        best = max(left, key=lambda i: (left[i], -i))
        runner_up = max((left[i] for i in left if i != best), default=None)
        if runner_up is not None and runner_up != left[best]:
            closest = min(closest, left[best] - runner_up)
        kept.append(best)
        final.append(left.pop(best))
        for i in list(left):
            iou = overlap(boxes[best], boxes[i], offset)
            if method == 'gaussian':
                left[i] *= math.exp(-iou * iou / sigma)
            elif iou >= iou_threshold:
                left[i] *= 1 - iou if method == 'linear' else 0
            if method != 'gaussian':
                closest = min(closest, abs(iou - iou_threshold) or 1.0)
            closest = min(closest, abs(left[i] - min_score) or 1.0)
            if left[i] < min_score:
                del left[i]
    return kept, final, closest


@pytest.mark.parametrize('method', METHODS)
@pytest.mark.parametrize('block', [1, 3, module.BLOCK])
def test_random_cases_against_the_paper(method, block, monkeypatch):
    from mmcv.ops import soft_nms

    monkeypatch.setattr(module, 'BLOCK', block)
    decided = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        count = int(rng.integers(0, 40))
        corner = rng.random((count, 2)) * 40
        boxes = np.concatenate([corner, corner + rng.random((count, 2)) * 40], axis=1)
        if seed % 3 == 0:
            boxes = boxes.round()
        if seed % 7 == 3:
            boxes[:] = boxes[:1]
        boxes = np.float32(boxes)
        scores = np.float32(rng.random(count))
        limits = (float(rng.choice([0.1, 0.3, 0.7])), 0.5, float(rng.choice([0, 0.001, 0.2])))
        offset = seed % 2
        expected, final, closest = reference(
            boxes.tolist(), scores.tolist(), *limits, method, offset
        )
        dets, kept = soft_nms(boxes, scores, *limits, method, offset)
        if closest < 1e-5:
            continue
        decided += 1
        assert kept.tolist() == expected
        np.testing.assert_array_equal(dets[:, :4], boxes[expected])
        np.testing.assert_allclose(dets[:, 4], final, rtol=1e-4, atol=1e-7)
    assert decided > 60  # else the exemption hides the test


@pytest.mark.parametrize(
    ('method', 'scores'),
    [('naive', [0.9]), ('linear', [0.9, 0.4]), ('gaussian', [0.9, 0.8 * math.exp(-0.5)])],
)
def test_two_boxes_that_share_half(method, scores):
    from mmcv.ops import soft_nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 5]])
    dets, kept = soft_nms(boxes, torch.tensor([0.9, 0.8]), 0.5, method=method)
    assert kept.tolist() == list(range(len(scores)))
    assert dets[:, 4].tolist() == pytest.approx(scores)


def test_the_first_box_stays_whatever_its_score():
    from mmcv.ops import soft_nms

    boxes = torch.tensor([[0.0, 0, 1, 1], [5, 5, 6, 6]])
    dets, kept = soft_nms(boxes, torch.tensor([1e-5, 1e-4]), min_score=0.5)
    assert kept.tolist() == [1]
    assert dets[0, 4].item() == pytest.approx(1e-4)


def test_equal_scores_keep_their_order_and_boxes_without_area_lower_nothing():
    boxes = torch.tensor([[5.0, 5, 5, 5]]).repeat(4, 1)
    for method in range(3):
        dets = torch.zeros(4, 5)
        scores = torch.tensor([0.5, 0.7, 0.5, 0.7])
        kept = softnms(boxes, scores, dets, 0.3, 0.5, 1e-3, method, 0)
        assert kept.tolist() == [1, 3, 0, 2]
        assert dets[:, 4].tolist() == pytest.approx([0.7, 0.7, 0.5, 0.5])


def test_nan_scores_count_as_0_and_arguments_are_not_changed():
    boxes = torch.tensor([[0.0, 0, 9, 9], [0, 0, 9, 8], [50, 50, 60, 60]])
    scores = torch.tensor([0.5, float('nan'), 0.4])
    dets = torch.full((3, 5), 7.0)
    kept = softnms(boxes, scores, dets, 0.3, 0.5, 1e-3, module.LINEAR, 0)
    assert kept.tolist() == [0, 2]
    assert dets[2].tolist() == [7] * 5
    assert scores[0] == 0.5
    kept = softnms(boxes, scores * float('nan'), dets, 0.3, 0.5, 1e-3, module.LINEAR, 0)
    assert kept.tolist() == [0]
    assert dets[0, 4] == 0


@pytest.mark.parametrize('dtype', [torch.float16, torch.float64])
def test_other_precisions(dtype):
    from mmcv.ops import soft_nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 9]], dtype=dtype, requires_grad=True)
    dets, kept = soft_nms(boxes, torch.tensor([0.5, 0.75], dtype=dtype), 0.3)
    assert dets.dtype == dtype
    assert kept.tolist() == [1, 0]
    assert dets[:, 4].tolist() == pytest.approx([0.75, 0.05], rel=1e-2)


@pytest.mark.parametrize('split_thr', [10000, 2])
def test_mmcv_batched_nms_keeps_classes_apart(split_thr):
    from mmcv.ops import batched_nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 9, 10]])
    config = {'type': 'soft_nms', 'iou_threshold': 0.5, 'split_thr': split_thr}
    scores, labels = torch.tensor([0.5, 0.6, 0.7]), torch.tensor([0, 1, 0])
    dets, keep = batched_nms(boxes, scores, labels, config)
    assert keep.tolist() == [2, 1, 0]
    assert dets[:, 4].tolist() == pytest.approx([0.7, 0.6, 0.05], rel=1e-4)
    assert dets[:, :4].tolist() == boxes[keep].tolist()
