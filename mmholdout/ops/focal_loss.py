"""Focal losses as mmcv calls them, element by element, with their gradients.

Lin et al., Focal Loss for Dense Object Detection, https://arxiv.org/abs/1708.02002, equation 5.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from mmholdout.ops.precision import at_least_single


@torch.no_grad()
def sigmoid_focal_loss_forward(
    input: Tensor, target: Tensor, weight: Tensor, output: Tensor, *, gamma: float, alpha: float
) -> None:
    """Fill `output` (N, C) with -alpha_t (1 - p_t)^gamma log p_t, where p = sigmoid(input).

    The logarithm comes from the logit, so it is exact and finite for every one. alpha_t is `alpha`
    for the target's class and 1 - `alpha` for the others. `input` are (N, C) logits; `target` (N,)
    int64 is the class, and C, like all that is no class, is background; `weight` (C,) are factors
    of a row by its class, 1 for background, or it is empty.
    """
    logits = at_least_single(input)
    positive = _one_hot(target, input.shape[1])
    loss_positive = -alpha * torch.sigmoid(-logits).pow(gamma) * logsigmoid(logits)
    loss_negative = (alpha - 1) * torch.sigmoid(logits).pow(gamma) * logsigmoid(-logits)
    output.copy_(torch.where(positive, loss_positive, loss_negative) * _rows(weight, target))


@torch.no_grad()
def sigmoid_focal_loss_backward(
    input: Tensor, target: Tensor, weight: Tensor, grad_input: Tensor, *, gamma: float, alpha: float
) -> None:
    """Fill `grad_input` (N, C) with each element's derivative by its own logit."""
    logits = at_least_single(input)
    positive = _one_hot(target, input.shape[1])
    p, q = torch.sigmoid(logits), torch.sigmoid(-logits)
    slope_positive = alpha * q.pow(gamma) * (gamma * p * logsigmoid(logits) - q)
    slope_negative = (1 - alpha) * p.pow(gamma) * (p - gamma * q * logsigmoid(-logits))
    grad_input.copy_(torch.where(positive, slope_positive, slope_negative) * _rows(weight, target))


@torch.no_grad()
def softmax_focal_loss_forward(
    input_softmax: Tensor,
    target: Tensor,
    weight: Tensor,
    output: Tensor,
    *,
    gamma: float,
    alpha: float,
) -> None:
    """Fill `output` (N,) with -alpha (1 - p)^gamma log p of the target's probability p.

    `input_softmax` are (N, C) probabilities; `target` (N,) int64 is the class, and a row whose
    target is no class gives 0; `weight` (C,) are factors of a row by its class, or it is empty.
    """
    p, known = _of_target(input_softmax, target)
    loss = -alpha * (1 - p).pow(gamma) * _log(p)
    output.copy_(torch.where(known, loss, 0) * _rows(weight, target)[:, 0])


@torch.no_grad()
def softmax_focal_loss_backward(
    input_softmax: Tensor,
    target: Tensor,
    weight: Tensor,
    buff: Tensor,
    grad_input: Tensor,
    *,
    gamma: float,
    alpha: float,
) -> None:
    """Fill `grad_input` (N, C) with each row's gradient by its logits.

    `buff` (N,) gets the derivative by the logarithm of the target's probability.
    """
    p, known = _of_target(input_softmax, target)
    q = 1 - p
    # Where q is 0 its power gamma - 1 may be infinite; the limit of the product is 0.
    steep = torch.where(q > 0, q.pow(gamma - 1), 0) * gamma * p * _log(p)
    slope = torch.where(known, alpha * (steep - q.pow(gamma)), 0)
    slope = slope * _rows(weight, target)[:, 0]
    buff.copy_(slope)
    probabilities = at_least_single(input_softmax)
    positive = _one_hot(target, probabilities.shape[1]).to(probabilities.dtype)
    grad_input.copy_(slope[:, None] * (positive - probabilities))


def _one_hot(target: Tensor, classes: int) -> Tensor:
    return target[:, None] == torch.arange(classes, device=target.device)


def _rows(weight: Tensor, target: Tensor) -> Tensor:
    """(N, 1) factors; compiled mmcv reads past the end of `weight` for background."""
    if weight.numel() == 0:
        return torch.ones(1, 1, dtype=torch.float32, device=target.device)
    known = (target >= 0) & (target < len(weight))
    return torch.where(known, at_least_single(weight)[target.clamp(0, len(weight) - 1)], 1)[:, None]


def _of_target(probabilities: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """(N,) probability of the target's class, and whether it is a class."""
    classes = probabilities.shape[1]
    known = (target >= 0) & (target < classes)
    index = target.clamp(0, classes - 1)[:, None]
    return at_least_single(probabilities).gather(1, index)[:, 0], known


def _log(p: Tensor) -> Tensor:
    return p.clamp(min=torch.finfo(torch.float32).tiny).log()
