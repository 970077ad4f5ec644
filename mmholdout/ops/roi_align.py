"""RoIAlign as mmcv calls it: into tensors that it has made."""

from __future__ import annotations

import torch
from torch import Tensor

from mmholdout.ops.precision import at_least_single
from mmholdout.ops.roi_align_avg import average, average_gradient
from mmholdout.ops.roi_align_max import maximum, maximum_gradient
from mmholdout.ops.roi_axes import axes
from mmholdout.ops.roi_check import check_rois
from mmholdout.ops.torchvision_kernels import kernels_for

MAX, AVG = 0, 1  # mmcv's pool_mode


@torch.no_grad()
def roi_align_forward(
    input: Tensor,
    rois: Tensor,
    output: Tensor,
    argmax_y: Tensor,
    argmax_x: Tensor,
    *,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """Fill `output` (N, C, rows, columns) and, for `MAX`, the positions of the samples taken.

    `input` is (B, C, H, W); `rois` (N, 5) are image, x1, y1, x2, y2 in pixels of the image, of
    which `spatial_scale` makes those of the input. `argmax_y` and `argmax_x` have the output's
    shape, and are empty for `AVG`. Half precision is computed in float32.

    Raises:
        ValueError: a roi is not finite, of no image, or, if `aligned`, inverted.
    """
    size = (aligned_height, aligned_width)
    library = kernels_for(input) if pool_mode == AVG else None
    if library is not None:
        output.copy_(
            library.roi_align(input, rois.to(input), size, spatial_scale, sampling_ratio, aligned)
        )
        return
    features = at_least_single(input)
    rois = check_rois('roi_align', rois.to(features), len(input), inverted=not aligned)
    y, x = axes(
        rois, size, (input.shape[2], input.shape[3]), spatial_scale, sampling_ratio, aligned
    )
    images = rois[:, 0].long()
    if pool_mode == AVG:
        output.copy_(average(features, images, y, x))
    else:
        for target, values in zip((output, argmax_y, argmax_x), maximum(features, images, y, x)):
            target.copy_(values)


@torch.no_grad()
def roi_align_backward(
    grad_output: Tensor,
    rois: Tensor,
    argmax_y: Tensor,
    argmax_x: Tensor,
    grad_input: Tensor,
    *,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """Add to `grad_input` (B, C, H, W) what `grad_output` (N, C, rows, columns) gives.

    For `MAX` the gradient goes to the pixels around the positions of the samples, which the forward
    pass has kept; for `AVG` to those around all samples.
    """
    size = (aligned_height, aligned_width)
    library = kernels_for(grad_output) if pool_mode == AVG else None
    if library is not None:
        # Linear in the features, so any will do to get the gradient.
        with torch.enable_grad():
            features = torch.zeros_like(grad_input, requires_grad=True)
            pooled = library.roi_align(
                features, rois.to(features), size, spatial_scale, sampling_ratio, aligned
            )
            grad_input += torch.autograd.grad(pooled, features, grad_output)[0]
        return
    gradient = at_least_single(grad_output)
    rois = check_rois('roi_align', rois.to(gradient), len(grad_input), inverted=not aligned)
    images = rois[:, 0].long()
    if pool_mode == AVG:
        lengths = (grad_input.shape[2], grad_input.shape[3])
        y, x = axes(rois, size, lengths, spatial_scale, sampling_ratio, aligned)
        grad_input += average_gradient(gradient, images, y, x, len(grad_input))
    else:
        grad_input += maximum_gradient(
            gradient, images, argmax_y.to(gradient), argmax_x.to(gradient), grad_input.shape
        )
