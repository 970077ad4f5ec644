from __future__ import annotations

import pytest
import torch
from mmcv.ops import batched_nms

from mmholdout.models import leading_nms as module
from mmholdout.models.leading_nms import leading_nms


def candidates(count, classes, seed, decimals=None):
    generator = torch.Generator().manual_seed(seed)
    corner = torch.rand(count, 2, generator=generator) * 100
    extent = torch.rand(count, 2, generator=generator) * 60
    scores = torch.rand(count, generator=generator)
    if decimals is not None:
        scores = scores.round(decimals=decimals)
    labels = torch.randint(0, classes, (count,), generator=generator)
    return torch.cat([corner, corner + extent], 1), scores, labels


@pytest.mark.parametrize('max_num', [1, 7, 50, 1000, -1])
@pytest.mark.parametrize('seed', range(20))
def test_it_is_the_head_of_what_batched_nms_keeps(seed, max_num):
    boxes, scores, labels = candidates(300, 1 + seed % 4, seed, decimals=seed % 3 + 1)
    cfg = dict(type='nms', iou_threshold=0.3 + 0.1 * (seed % 4))
    if seed % 5 == 0:
        cfg.update(class_agnostic=True)
    kept, keep = batched_nms(boxes, scores, labels, cfg)
    stop = max_num if max_num > 0 else None
    got_scores, got = leading_nms(boxes, scores, labels, cfg, max_num)
    assert torch.equal(got, keep[:stop])
    assert torch.equal(got_scores, kept[:stop, -1])


def test_it_looks_at_few_candidates(monkeypatch):
    seen = []
    boxes, scores, labels = candidates(300, 2, 0)
    monkeypatch.setattr(module, 'nms', _counting(seen))
    leading_nms(boxes, scores, labels, dict(type='nms', iou_threshold=0.9), 10)
    assert seen == [40]


def _counting(seen):
    from mmcv.ops import nms

    def count(boxes, scores, **kwargs):
        seen.append(len(boxes))
        return nms(boxes, scores, **kwargs)

    return count


def test_it_looks_again_where_nearly_all_are_suppressed(monkeypatch):
    seen = []
    monkeypatch.setattr(module, 'nms', _counting(seen))
    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0]]).repeat(200, 1)
    boxes[-1] += 50
    scores = torch.linspace(1, 0.5, 200)
    labels = torch.zeros(200, dtype=torch.int64)
    _, keep = leading_nms(boxes, scores, labels, dict(type='nms', iou_threshold=0.5), 2)
    assert keep.tolist() == [0, 199]
    assert seen == [8, 1 + 24, 1 + 96, 1 + 72]


def test_a_cfg_it_does_not_know_goes_to_mmcv(monkeypatch):
    seen = []
    monkeypatch.setattr(module, 'nms', _counting(seen))
    boxes, scores, labels = candidates(60, 2, 0)
    cfg = dict(type='nms', iou_threshold=0.5, split_thr=10)
    kept, keep = batched_nms(boxes, scores, labels, cfg)
    got_scores, got = leading_nms(boxes, scores, labels, cfg, 5)
    assert torch.equal(got, keep[:5])
    assert torch.equal(got_scores, kept[:5, -1])
    assert seen == []
