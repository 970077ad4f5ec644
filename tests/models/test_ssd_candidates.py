from __future__ import annotations

import pytest
import torch
from mmdet.models.task_modules.coders import DeltaXYWHBBoxCoder
from mmdet.models.utils import filter_scores_and_topk

from mmholdout.models.ssd_candidates import candidates, decoded, joined

SHAPES = ((300, 300, 3), (300, 200, 3), (100, 300, 3))


def test_levels_are_joined_in_the_order_of_the_priors():
    level = torch.arange(2 * 6 * 2 * 1).view(2, 6, 2, 1)  # two priors a cell, three numbers each
    other = -torch.arange(2 * 3).view(2, 3, 1, 1)
    both = joined([level, other], 3)
    assert both.shape == (2, 5, 3)
    assert both[0, 0].tolist() == level[0, :3, 0, 0].tolist()
    assert both[0, 1].tolist() == level[0, 3:, 0, 0].tolist()
    assert both[1, 2].tolist() == level[1, :3, 1, 0].tolist()
    assert both[1, 4].tolist() == other[1, :, 0, 0].tolist()


@pytest.mark.parametrize('shapes', [SHAPES[:1] * 3, SHAPES])
def test_each_image_is_decoded_as_alone(shapes):
    coder = DeltaXYWHBBoxCoder(target_stds=(0.1, 0.1, 0.2, 0.2))
    generator = torch.Generator().manual_seed(0)
    corners = torch.rand(50, 2, generator=generator) * 250
    priors = torch.cat([corners, corners + 60], 1)
    deltas = torch.randn(3, 50, 4, generator=generator) * 5
    got = decoded(coder, priors, deltas, shapes)
    for bboxes, delta, (height, width, _) in zip(got, deltas, shapes):
        assert torch.equal(bboxes, coder.decode(priors, delta, max_shape=(height, width)))
        assert bboxes[:, 2].max() <= width
        assert bboxes[:, 3].max() <= height


@pytest.mark.parametrize('score_thr', [0, 0.3, 0.9, 1])
@pytest.mark.parametrize('nms_pre', [-1, 5, 1000])
@pytest.mark.parametrize('levels', [(40,), (30, 8, 2), (1, 1)])
def test_of_each_level_those_that_mmdet_takes(levels, nms_pre, score_thr):
    count, num_classes = sum(levels), 3
    scores = torch.rand(count, num_classes, generator=torch.Generator().manual_seed(count))
    bboxes = torch.arange(count)[:, None].expand(-1, 4).float()  # a box says whose it is
    ends = torch.tensor(levels).cumsum(0) * num_classes
    got = candidates(bboxes, scores, ends, {'score_thr': score_thr, 'nms_pre': nms_pre})
    found = sorted(zip(got.scores.tolist(), got.labels.tolist(), got.bboxes[:, 0].tolist()))
    wanted, start = [], 0
    for level in levels:
        part = scores[start : start + level]
        limit = nms_pre if nms_pre > 0 else part.numel()
        values, labels, places, _ = filter_scores_and_topk(part, score_thr, limit)
        wanted += zip(values.tolist(), labels.tolist(), (places + start).tolist())
        start += level
    assert found == sorted(wanted)
