from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mmholdout.ops import nms as module
from mmholdout.ops.nms import nms

THRESHOLDS = (0.0, 0.3, 0.45, 0.5, 0.7, 1.0)


def reference(boxes, scores, iou_threshold, offset):
    """Greedy suppression as one would write it down, in float32; and its closest decision."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    boxes = np.asarray(boxes, dtype=np.float32).reshape(-1, 4)
    one = np.float32(offset)
    threshold = np.float32(iou_threshold)
    areas = (boxes[:, 2] - boxes[:, 0] + one) * (boxes[:, 3] - boxes[:, 1] + one)
    kept, removed, closest = [], set(), 1.0
    with np.errstate(invalid='ignore', divide='ignore'):
        for place, i in enumerate(order):
            if i in removed:
                continue
            kept.append(i)
            rest = np.array(order[place + 1 :], dtype=np.int64)
            left_top = np.maximum(boxes[i, :2], boxes[rest, :2])
            right_bottom = np.minimum(boxes[i, 2:], boxes[rest, 2:])
            extent = np.maximum(right_bottom - left_top + one, np.float32(0))
            inter = extent[:, 0] * extent[:, 1]
            iou = inter / (areas[i] + areas[rest] - inter)
            removed.update(rest[iou > threshold].tolist())
            distance = np.abs(iou - threshold)[np.isfinite(iou) & (iou > 0)]
            if distance.size:
                closest = min(closest, float(distance.min()))
    return kept, closest


def check(boxes, scores, iou_threshold, offset):
    boxes = torch.as_tensor(boxes, dtype=torch.float32).reshape(-1, 4)
    scores = torch.as_tensor(scores, dtype=torch.float32)
    expected, closest = reference(boxes.numpy(), scores.tolist(), iou_threshold, offset)
    got = nms(boxes, scores, iou_threshold=iou_threshold, offset=offset)
    assert got.dtype == torch.int64
    assert got.tolist() == expected or closest < 1e-6
    return closest >= 1e-6


def random_case(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 180)) if seed % 10 else int(rng.integers(180, 500))
    corner = rng.random((count, 2)) * 10 ** rng.integers(1, 4)
    boxes = np.concatenate([corner, corner + rng.random((count, 2)) * 60], axis=1)
    scores = rng.random(count)
    if seed % 3 == 0:
        boxes = boxes.round()  # zero areas, equal edges
    if seed % 4 == 1:
        scores = scores.round(1)  # ties
    if seed % 5 == 2 and count:  # classes shifted as batched_nms does
        boxes += rng.integers(0, 20, (count, 1)) * (boxes.max() + 1)
    if seed % 7 == 3:
        boxes -= 500  # negative coordinates
    if seed % 11 == 4:
        boxes = boxes[:, [2, 1, 0, 3]]  # inverted
    if seed % 13 == 5:
        boxes[:] = boxes[:1]  # all equal
    return boxes, scores, THRESHOLDS[seed % len(THRESHOLDS)], seed // 2 % 2


def test_1000_random_and_degenerate_cases():
    decided = sum(check(*random_case(seed)) for seed in range(1000))
    assert decided > 900  # else the exemption hides the test


@pytest.mark.parametrize('offset', [0, 1])
@pytest.mark.parametrize(
    ('boxes', 'scores', 'kept'),
    [
        ([], [], []),
        ([[0, 0, 1, 1]], [0.5], [0]),
        ([[0, 0, 10, 10]] * 5, [0.5] * 5, [0]),
        ([[0, 0, 10, 10]] * 3, [0.1, 0.3, 0.3], [1]),
        ([[0, 0, 10, 10], [90, 90, 99, 99], [0, 0, 10, 9]], [0.2, 0.2, 0.2], [0, 1]),
    ],
)
def test_small_tables(boxes, scores, kept, offset):
    boxes = torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)
    assert nms(boxes, torch.tensor(scores), 0.5, offset).tolist() == kept


def test_boxes_without_area_suppress_nothing_with_offset_0_and_each_other_with_offset_1():
    boxes = torch.tensor([[5.0, 5, 5, 5]]).repeat(3, 1)
    scores = torch.tensor([0.1, 0.3, 0.2])
    assert nms(boxes, scores, 0.5, 0).tolist() == [1, 2, 0]  # 0 / 0
    assert nms(boxes, scores, 0.5, 1).tolist() == [1]


def test_iou_equal_to_the_threshold_is_kept():
    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 5]])
    assert nms(boxes, torch.tensor([0.9, 0.8]), 0.5).tolist() == [0, 1]
    assert nms(boxes, torch.tensor([0.9, 0.8]), 0.4999).tolist() == [0]


@pytest.mark.parametrize('offset', [0, 1])
def test_boxes_of_neighbouring_groups_that_touch_are_not_lost(offset):
    """With offset 1, boxes one pixel apart overlap: a cut between them would be wrong."""
    lefts = np.arange(300) * 2.0
    boxes = np.stack([lefts, lefts * 0, lefts + 1.5, lefts * 0 + 10], axis=1)
    assert check(boxes, np.linspace(1, 0, 300), 0.05, offset)


@pytest.mark.parametrize('count', [2999, 5000])
def test_huge_counts(count):
    rng = np.random.default_rng(count)
    corner = rng.random((count, 2)) * 400
    boxes = np.concatenate([corner, corner + rng.random((count, 2)) * 60 + 5], axis=1)
    check(boxes.astype(np.float32), rng.random(count), 0.45, 0)


def test_inputs_may_be_half_precision_strided_or_carry_a_gradient():
    boxes = torch.tensor([[0.0, 0, 10, 10, 9], [0, 0, 10, 9, 9], [20, 0, 30, 9, 9]])
    scores = torch.tensor([0.5, 0.6, 0.4], requires_grad=True)
    assert nms(boxes[:, :4], scores, 0.5).tolist() == [1, 2]
    assert nms(boxes[:, :4].half(), scores.half(), 0.5).tolist() == [1, 2]


def test_mmcv_batched_nms_keeps_classes_apart():
    from mmcv.ops import batched_nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 9, 10]])
    labels = torch.tensor([0, 1, 0])
    dets, keep = batched_nms(
        boxes, torch.tensor([0.5, 0.6, 0.7]), labels, {'type': 'nms', 'iou_threshold': 0.5}
    )
    assert keep.tolist() == [2, 1]
    assert dets[:, 4].tolist() == pytest.approx([0.7, 0.6])


def test_torchvision_is_called_where_it_serves(monkeypatch):
    calls = []
    fake = SimpleNamespace(nms=lambda *arguments: calls.append(arguments) or torch.tensor([7]))
    monkeypatch.setattr(module, 'kernels_for', lambda tensor: None if tensor.is_cpu else fake)
    boxes, scores = torch.zeros(3, 4, device='meta'), torch.zeros(3, device='meta')
    assert nms(boxes.half(), scores.half(), 0.5).tolist() == [7]
    assert [argument.dtype for argument in calls[0][:2]] == [torch.float32] * 2
    assert calls[0][2] == 0.5
    assert nms(torch.zeros(1, 4), torch.zeros(1), 0.5).tolist() == [0]
    assert len(calls) == 1


@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
def test_scores_are_ordered_as_torch_does(dtype):
    values = [
        -0.0,
        0.0,
        -0.0,
        1.0,
        -1.0,
        float('inf'),
        float('nan'),
        -float('inf'),
        1e-45,
        -1e-45,
        1.0,
    ]
    scores = torch.tensor(values, dtype=dtype)
    boxes = torch.arange(len(values)).float()[:, None] * 10 + torch.tensor([0.0, 0, 1, 1])
    expected = scores.sort(descending=True, stable=True).indices
    assert nms(boxes, scores, 0.5).tolist() == expected.tolist()


def test_double_scores_that_are_equal_in_float32_are_told_apart():
    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 10]])
    assert nms(boxes, torch.tensor([0.5, 0.5 + 1e-12], dtype=torch.float64), 0.5).tolist() == [1]


@pytest.mark.parametrize('count', [513, 600, 1000, 2000])
@pytest.mark.parametrize('heaps', [1, 20, 300])
def test_heaps_of_many_boxes(count, heaps):
    """Sizes at which blocks, tiles and groups meet."""
    rng = np.random.default_rng(count * heaps)
    corner = rng.random((heaps, 2))[rng.integers(0, heaps, count)] * 4000
    boxes = np.concatenate([corner, corner + 50], axis=1) + rng.normal(0, 5, (count, 4))
    check(boxes.astype(np.float32), rng.permutation(count) / count, 0.45, 0)
