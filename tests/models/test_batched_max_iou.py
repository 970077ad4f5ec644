"""Equal to mmdet's assigner to the last bit, for several images at once."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mmdet.models.task_modules.assigners import MaxIoUAssigner
from mmengine.structures import InstanceData

from mmholdout.models import batched_max_iou
from mmholdout.models.batched_max_iou import assign_batch, is_batchable

SSD = dict(pos_iou_thr=0.5, neg_iou_thr=0.5, min_pos_iou=0.0, gt_max_assign_all=False)
K = 3


def boxes(number, generator, whole=False):
    corners = torch.rand(number, 2, generator=generator) * 60
    sides = torch.rand(number, 2, generator=generator) * 40 + 1
    found = torch.cat([corners, corners + sides], 1)
    return (found / 8).round() * 8 if whole else found  # whole: equal overlaps, boxes without area


def check(assigner, priors, images):
    got = assign_batch(assigner, priors, [b for b, _ in images], [i for _, i in images], K)
    for index, (bboxes, labels) in enumerate(images):
        solid = (bboxes[:, 2] > bboxes[:, 0]) & (bboxes[:, 3] > bboxes[:, 1])
        truth = InstanceData(bboxes=bboxes[solid], labels=labels[solid])
        expected = assigner.assign(InstanceData(priors=priors), truth).gt_inds
        assert torch.equal(got.positive[index], expected > 0)
        assert torch.equal(got.counts[index], expected >= 0)
        where = expected > 0
        assert torch.equal(got.labels[index][where], truth.labels[expected[where] - 1])
        assert (got.labels[index][~where] == K).all()
        assert torch.equal(got.bboxes[index][where], truth.bboxes[expected[where] - 1])
        assert torch.equal(got.bboxes[index][~where], priors[~where])


@settings(deadline=None, max_examples=150)
@given(
    seed=st.integers(0, 2**31),
    numbers=st.lists(st.integers(0, 9), min_size=1, max_size=5),
    whole=st.booleans(),
    thrs=st.sampled_from([(0.5, 0.5), (0.7, 0.3), (0.2, 0.1)]),
    low_quality=st.booleans(),
    least=st.sampled_from([0.0, 0.3]),
)
def test_equal_to_mmdet(seed, numbers, whole, thrs, low_quality, least):
    generator = torch.Generator().manual_seed(seed)
    assigner = MaxIoUAssigner(
        thrs[0], thrs[1], least, gt_max_assign_all=False, match_low_quality=low_quality
    )
    images = [
        (boxes(n, generator, whole), torch.randint(0, K, (n,), generator=generator))
        for n in numbers
    ]
    check(assigner, boxes(40, generator, whole), images)


def test_the_last_of_two_objects_gets_the_prior_that_both_want():
    priors = torch.tensor([[0.0, 0, 10, 10], [50, 50, 60, 60]])
    truth = torch.tensor([[0.0, 0, 10, 9], [0, 0, 10, 5]])
    check(MaxIoUAssigner(**SSD), priors, [(truth, torch.tensor([1, 2]))])
    check(MaxIoUAssigner(**SSD), priors, [(truth.flip(0), torch.tensor([1, 2]))])


def test_blocks_change_nothing(monkeypatch):
    generator = torch.Generator().manual_seed(0)
    images = [
        (boxes(n, generator), torch.randint(0, K, (n,), generator=generator))
        for n in (0, 9, 1, 0, 30, 2)
    ]
    monkeypatch.setattr(batched_max_iou, '_MOST_OVERLAPS', 500)
    check(MaxIoUAssigner(**SSD), boxes(25, generator), images)


@pytest.mark.parametrize(
    ('numbers', 'blocks'),
    [
        ([3], [(0, 1)]),
        ([0, 0], [(0, 2)]),
        ([10, 10, 10], [(0, 2), (2, 3)]),
        ([1, 1, 21], [(0, 2), (2, 3)]),
        ([99, 99], [(0, 1), (1, 2)]),
    ],
)
def test_blocks(monkeypatch, numbers, blocks):
    monkeypatch.setattr(batched_max_iou, '_MOST_OVERLAPS', 200)
    found = batched_max_iou._blocks(numbers, 10)
    assert [(block.start, block.stop) for block in found] == blocks


@pytest.mark.parametrize(
    ('changed', 'fits'),
    [
        ({}, True),
        (dict(gt_max_assign_all=True), False),
        (dict(gt_max_assign_all=True, match_low_quality=False), True),
        (dict(ignore_iof_thr=0.5), False),
        (dict(gpu_assign_thr=50), False),
        (dict(neg_iou_thr=(0.1, 0.4)), False),
        (dict(perm_repeat_gt_cfg=dict(iou_thr=0.7)), False),
        (dict(iou_calculator=dict(type='BboxOverlaps2D', scale=2.0)), False),
    ],
)
def test_which_assigners_fit(changed, fits):
    assert is_batchable(MaxIoUAssigner(**SSD | changed)) == fits
    own = type('Own', (MaxIoUAssigner,), {})
    assert not is_batchable(own(**SSD | changed))
