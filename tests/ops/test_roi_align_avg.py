from __future__ import annotations

import numpy as np
import pytest
import torch

from mmholdout.ops import roi_align_avg
from mmholdout.ops.roi_align_avg import average, average_gradient
from mmholdout.ops.roi_axes import axes


@pytest.mark.parametrize('seed', range(40))
@pytest.mark.parametrize('budget', [1, roi_align_avg.BUDGET])
def test_output_and_gradient_by_the_definition(
    seed, budget, roi_case, roi_align_reference, monkeypatch
):
    monkeypatch.setattr(roi_align_avg, 'BUDGET', budget)
    features, rois, bins, scale, ratio, aligned = roi_case(seed)
    table = torch.tensor(rois)
    images = table[:, 0].long()
    y, x = axes(table, bins, features.shape[2:], scale, ratio, aligned)
    expected = roi_align_reference(features, rois, bins, scale, ratio, aligned, 'avg')[0]
    got = average(torch.tensor(features), images, y, x)
    np.testing.assert_allclose(got, expected, atol=1e-12)
    # The mean is linear: <average(f), g> = <f, gradient(g)> for every f and g.
    gradient = torch.randn(got.shape, generator=torch.manual_seed(seed), dtype=torch.float64)
    towards = average_gradient(gradient, images, y, x, len(features))
    assert towards.shape == features.shape
    assert float((got * gradient).sum()) == pytest.approx(
        float((torch.tensor(features) * towards).sum()), abs=1e-10
    )
