from __future__ import annotations

import pytest
import torch
from mmengine.structures import InstanceData

from mmholdout.errors import ConfigError
from mmholdout.models.raw_outputs import RawOutputs


def raw(ids, shape=(64, 64), width=3):
    values = torch.tensor(ids, dtype=torch.float32)[:, None].repeat(1, width)
    return RawOutputs(
        ([values, values + 100], (values * 2,)),
        tuple(InstanceData(labels=torch.tensor([i])) for i in ids),
        tuple(None for _ in ids),
        tuple(dict(img_id=i, batch_input_shape=shape) for i in ids),
    )


def ids(outputs):
    (first, second), (third,) = outputs.outs
    assert torch.equal(first + 100, second)
    assert torch.equal(first * 2, third)
    assert [int(i) for i in first[:, 0]] == [meta['img_id'] for meta in outputs.metas]
    assert [int(g.labels) for g in outputs.gt_instances] == [m['img_id'] for m in outputs.metas]
    return [meta['img_id'] for meta in outputs.metas]


def test_part_and_join_keep_images_with_their_targets():
    whole = raw([1, 2, 3, 4, 5])
    assert ids(whole.part(1, 3)) == [2, 3]
    assert ids(whole.part(3, 9)) == [4, 5]
    assert ids(RawOutputs.join([whole.part(3, 5), raw([7]), whole.part(0, 1)])) == [4, 5, 7, 1]
    assert type(RawOutputs.join([whole, whole]).outs[0]) is list


def test_copy_is_not_touched_by_work_in_place():
    whole = raw([1, 2])
    copy = whole.copy()
    whole.outs[0][0].zero_()
    assert ids(copy) == [1, 2]


def test_one_part_may_have_any_shape_but_two_must_agree():
    assert len(RawOutputs.join([raw([1], shape=(3, 4))])) == 1
    with pytest.raises(ConfigError, match=r'\(64, 64\), \(64, 96\)'):
        RawOutputs.join([raw([1]), raw([2], shape=(64, 96))])
