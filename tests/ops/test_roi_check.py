from __future__ import annotations

import pytest
import torch

from mmholdout.ops.roi_check import check_rois

GOOD = [1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.parametrize(
    ('bad', 'reason'),
    [
        ([0, 1, 1, float('nan'), 2], 'not finite'),
        ([float('inf'), 1, 1, 2, 2], 'not finite'),
        ([2, 1, 1, 2, 2], 'not in the batch of 2'),
        ([-1, 1, 1, 2, 2], 'not in the batch of 2'),
        ([0, 3, 1, 2, 2], 'inverted'),
        ([0, 1, 3, 2, 2], 'inverted'),
    ],
)
def test_the_reason_the_count_and_the_first_are_named(bad, reason):
    rois = torch.tensor([GOOD, bad, GOOD, bad], dtype=torch.float32)
    with pytest.raises(
        ValueError, match=rf'^roi_align: 2 of 4 rois are .*{reason}.*rois\[1\] = \['
    ):
        check_rois('roi_align', rois, 2, inverted=False)


def test_good_ones_and_none_pass():
    rois = torch.tensor([GOOD, [0, 1, 1, 1, 1]])
    assert check_rois('roi_align', rois, 2, inverted=False) is rois
    assert len(check_rois('roi_align', rois[:0], 2, inverted=False)) == 0
    inverted = torch.tensor([[0, 3.0, 3, 1, 1]])
    assert check_rois('roi_pool', inverted, 1, inverted=True) is inverted


@pytest.mark.parametrize('shape', [(3, 4), (5,), (1, 2, 5)])
def test_shapes(shape):
    with pytest.raises(ValueError, match=r'must be \(N, 5\)'):
        check_rois('roi_align', torch.zeros(shape), 1, inverted=False)
