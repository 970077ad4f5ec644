from __future__ import annotations

import numpy as np
import pytest
import torch

from mmholdout.ops import roi_align_max
from mmholdout.ops.roi_align_max import LEAST, maximum, maximum_gradient
from mmholdout.ops.roi_axes import axes


@pytest.mark.parametrize('seed', range(40))
@pytest.mark.parametrize('budget', [1, roi_align_max.BUDGET])
def test_output_and_places_by_the_definition(
    seed, budget, roi_case, roi_align_reference, monkeypatch
):
    monkeypatch.setattr(roi_align_max, 'BUDGET', budget)
    features, rois, bins, scale, ratio, aligned = roi_case(seed)
    table = torch.tensor(rois)
    y, x = axes(table, bins, features.shape[2:], scale, ratio, aligned)
    got = maximum(torch.tensor(features), table[:, 0].long(), y, x)
    expected = roi_align_reference(features, rois, bins, scale, ratio, aligned, 'max')
    for ours, theirs in zip(got, expected):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_nothing_above_the_least_value_is_no_place():
    table = torch.tensor([[0.0, 0, 0, 2, 2]])
    y, x = axes(table, (1, 1), (3, 3), 1.0, 0, aligned=False)
    features = torch.full((1, 1, 3, 3), LEAST - 1)
    output, where_y, where_x = maximum(features, torch.tensor([0]), y, x)
    assert (output.item(), where_y.item(), where_x.item()) == (LEAST, -1, -1)


def test_the_gradient_goes_to_the_four_pixels_around_the_place():
    where_y = torch.tensor([0.25, -1.0]).reshape(2, 1, 1, 1)
    where_x = torch.tensor([1.5, -1.0]).reshape(2, 1, 1, 1)
    gradient = torch.tensor([8.0, 100.0]).reshape(2, 1, 1, 1)
    towards = maximum_gradient(gradient, torch.tensor([1, 0]), where_y, where_x, (2, 1, 2, 3))
    assert towards[0].abs().sum() == 0
    assert towards[1, 0].tolist() == [[0, 3, 3], [0, 1, 1]]
