from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.ops import roi_align as module


def layer(**arguments):
    from mmcv.ops import RoIAlign

    return RoIAlign(**arguments)


@pytest.mark.parametrize('mode', ['avg', 'max'])
@pytest.mark.parametrize('seed', range(100, 125))
def test_mmcv_layer_against_the_definition(mode, seed, roi_case, roi_align_reference):
    features, rois, bins, scale, ratio, aligned = roi_case(seed)
    got = layer(
        output_size=bins,
        spatial_scale=scale,
        sampling_ratio=ratio,
        pool_mode=mode,
        aligned=aligned,
    )(torch.tensor(features), torch.tensor(rois))
    expected = roi_align_reference(features, rois, bins, scale, ratio, aligned, mode)[0]
    np.testing.assert_allclose(got, expected, atol=1e-12)


@pytest.mark.parametrize('mode', ['avg', 'max'])
@pytest.mark.parametrize('ratio', [0, 2])
@pytest.mark.parametrize('aligned', [True, False])
def test_gradient_through_mmcv(mode, ratio, aligned):
    features = torch.randn(2, 2, 5, 6, dtype=torch.float64, requires_grad=True)
    rois = torch.tensor(
        [[0, 1, 1, 7, 6], [1, -3, 2, 14, 30], [1, 0, 0, 0.4, 0.4], [0, 50, 50, 60, 60]],
        dtype=torch.float64,
    )
    pool = layer(
        output_size=2, spatial_scale=0.5, sampling_ratio=ratio, pool_mode=mode, aligned=aligned
    )
    assert torch.autograd.gradcheck(lambda f: pool(f, rois), features, eps=1e-7, atol=1e-6)


@given(st.integers(1, 9), st.integers(0, 3), st.booleans(), st.sampled_from(['avg', 'max']))
@settings(max_examples=40)
def test_a_constant_map_gives_the_constant(size, ratio, aligned, mode):
    pool = layer(output_size=size, sampling_ratio=ratio, aligned=aligned, pool_mode=mode)
    rois = torch.tensor([[0, 1.0, 1, 9, 8], [0, 2, 3, 2.5, 10]])
    assert torch.allclose(pool(torch.full((1, 2, 12, 12), 3.0), rois), torch.tensor(3.0))


@pytest.mark.parametrize('mode', ['avg', 'max'])
@pytest.mark.parametrize('ratio', [0, 2])
def test_no_rois_and_rois_without_extent(mode, ratio):
    features = torch.randn(1, 2, 5, 5, requires_grad=True)
    pool = layer(output_size=3, sampling_ratio=ratio, pool_mode=mode)
    empty = pool(features, torch.zeros(0, 5))
    assert empty.shape == (0, 2, 3, 3)
    pool(features, torch.tensor([[0, 2.0, 2, 2, 2]])).sum().backward()
    assert bool(features.grad.any()) == (ratio > 0)


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
@pytest.mark.parametrize('mode', ['avg', 'max'])
def test_half_precision_is_computed_in_float32(dtype, mode):
    features = torch.randn(1, 2, 6, 6).to(dtype).requires_grad_()
    rois = torch.tensor([[0, 0.3, 0.7, 5.2, 4.1]])
    pool = layer(output_size=3, pool_mode=mode)
    got = pool(features, rois)
    assert got.dtype == dtype
    assert torch.equal(got, pool(features.detach().float(), rois).to(dtype))
    got.sum().backward()
    assert features.grad.dtype == dtype
    assert features.grad.sum().item() == pytest.approx(18, rel=0.02)


def test_channels_last_features_and_gradients_that_are_not_contiguous():
    features = torch.randn(2, 3, 6, 6).to(memory_format=torch.channels_last).requires_grad_()
    rois = torch.tensor([[1, 0.3, 0.7, 5.2, 4.1], [0, 2, 2, 4, 4]])
    pool = layer(output_size=2)
    pool(features, rois).sum().backward()  # the gradient of a sum is expanded
    plain = features.detach().contiguous().requires_grad_()
    pool(plain, rois).backward(torch.ones(2, 3, 2, 2))
    torch.testing.assert_close(features.grad, plain.grad)


@pytest.mark.parametrize('roi', [[0, 5, 1, 2, 2], [3, 1, 1, 2, 2], [0, 1, 1, 2, float('nan')]])
def test_bad_rois_are_named(roi):
    with pytest.raises(ValueError, match=r'roi_align: 1 of 1 rois'):
        layer(output_size=2)(torch.zeros(1, 1, 4, 4), torch.tensor([roi], dtype=torch.float32))


def test_inverted_rois_count_as_one_pixel_if_not_aligned():
    features = torch.arange(16.0).reshape(1, 1, 4, 4)
    pool = layer(output_size=1, aligned=False)
    inverted, pixel = torch.tensor([[0, 2.0, 1, 1, 0]]), torch.tensor([[0, 2.0, 1, 3, 2]])
    assert torch.equal(pool(features, inverted), pool(features, pixel))


def test_torchvision_is_called_for_the_mean_where_it_serves(monkeypatch):
    calls = []

    def roi_align(features, rois, size, scale, ratio, aligned):
        calls.append((features.dtype, rois.dtype, size, scale, ratio, aligned))
        return features.sum() * torch.ones(len(rois), features.shape[1], *size)

    monkeypatch.setattr(module, 'kernels_for', lambda tensor: SimpleNamespace(roi_align=roi_align))
    features = torch.ones(1, 2, 3, 3, dtype=torch.float16, requires_grad=True)
    arguments = {'output_size': (2, 1), 'spatial_scale': 0.5, 'sampling_ratio': 2}
    pooled = layer(**arguments)(features, torch.tensor([[0, 1.0, 1, 2, 2]]))
    assert pooled.unique().tolist() == [18]
    pooled.sum().backward()
    assert calls == [(torch.float16, torch.float16, (2, 1), 0.5, 2, True)] * 2
    assert features.grad.unique().tolist() == [4]
    layer(**arguments, pool_mode='max')(torch.ones(1, 2, 3, 3), torch.tensor([[0, 1.0, 1, 2, 2]]))
    assert len(calls) == 2
