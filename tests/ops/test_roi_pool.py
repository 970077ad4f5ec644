from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from mmholdout.ops import roi_pool as module
from mmholdout.ops.roi_pool import roi_pool_forward


def reference(features, rois, bins, scale):
    """Bin by bin: the roi's far edges are one pixel on, bins are rounded outwards."""
    height, width = features.shape[2:]
    output = np.zeros((len(rois), features.shape[1], *bins))
    argmax = np.full(output.shape, -1)
    for n, (image, x1, y1, x2, y2) in enumerate(rois):
        left, top, right, bottom = x1 * scale, y1 * scale, (x2 + 1) * scale, (y2 + 1) * scale
        if right <= left or bottom <= top:
            continue
        for c, row, column in np.ndindex(output.shape[1:]):
            step_y, step_x = (bottom - top) / bins[0], (right - left) / bins[1]
            rows = range(
                max(math.floor(row * step_y + top), 0),
                min(math.ceil((row + 1) * step_y + top), height),
            )
            columns = range(
                max(math.floor(column * step_x + left), 0),
                min(math.ceil((column + 1) * step_x + left), width),
            )
            pixels = [(features[int(image), c, y, x], y * width + x) for y in rows for x in columns]
            if pixels:
                best = max(pixels, key=lambda pixel: pixel[0])
                output[n, c, row, column], argmax[n, c, row, column] = best
    return output, argmax


@pytest.mark.parametrize('seed', range(50))
@pytest.mark.parametrize('budget', [1, module.BUDGET])
def test_output_and_places_by_the_definition(seed, budget, roi_case, monkeypatch):
    monkeypatch.setattr(module, 'BUDGET', budget)
    features, rois, bins, scale, ratio, inverted = roi_case(seed)
    if inverted:
        rois = rois[:, [0, 3, 2, 1, 4]]
    if ratio == 0:
        features = features.round()  # ties: the first pixel counts
    output = torch.full((len(rois), 3, *bins), 7.0, dtype=torch.float64)
    argmax = torch.full(output.shape, 7, dtype=torch.int32)
    roi_pool_forward(
        torch.tensor(features),
        torch.tensor(rois),
        output,
        argmax,
        pooled_height=bins[0],
        pooled_width=bins[1],
        spatial_scale=scale,
    )
    expected, places = reference(features, rois, bins, scale)
    np.testing.assert_array_equal(output, expected)
    np.testing.assert_array_equal(argmax, places)


def test_gradient_through_mmcv():
    from mmcv.ops import RoIPool

    features = torch.randn(2, 2, 5, 6, dtype=torch.float64, requires_grad=True)
    rois = torch.tensor(
        [[0, 1, 1, 7, 6], [1, -3, 2, 14, 30], [1, 9, 9, 0, 0], [0, 50, 50, 60, 60]],
        dtype=torch.float64,
    )
    pool = RoIPool(2, spatial_scale=0.5)
    assert torch.autograd.gradcheck(lambda f: pool(f, rois), features, eps=1e-7, atol=1e-6)


def test_the_gradient_of_the_first_pixel():
    from mmcv.ops import RoIPool

    features = torch.tensor([[[[2.0, 1]]]], requires_grad=True)
    RoIPool(1)(features, torch.tensor([[0, 0.0, 0, 1, 0]])).sum().backward()
    assert features.grad.flatten().tolist() == [1, 0]


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16, torch.float32])
def test_mmcv_layer_in_other_precisions_without_rois_and_with_bad_ones(dtype):
    from mmcv.ops import RoIPool

    features = torch.arange(9.0, dtype=dtype).reshape(1, 1, 3, 3).requires_grad_()
    pool = RoIPool(1)
    assert pool(features, torch.zeros(0, 5)).shape == (0, 1, 1, 1)
    got = pool(features, torch.tensor([[0, 0.0, 0, 1, 1]]))
    assert (got.item(), got.dtype) == (4, dtype)
    got.sum().backward()
    assert features.grad.flatten().tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    with pytest.raises(ValueError, match='roi_pool: 1 of 1 rois'):
        pool(features, torch.tensor([[1, 0.0, 0, 1, 1]]))
