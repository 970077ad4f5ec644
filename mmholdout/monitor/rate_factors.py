"""Factors of a learning rate as functions of the position alone; 1 means the base rate."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence


def constant() -> float:
    """Always 1."""
    return 1.0


def step(position: float, milestones: Sequence[int], gamma: float) -> float:
    """`gamma` to the power of the milestones reached, as torch's MultiStepLR.

    Args:
        position: epochs or iterations completed, in the unit of `milestones`.
        milestones: ascending.
        gamma: the factor at each.
    """
    return float(gamma ** bisect_right(milestones, position))


def cosine(progress: float, min_factor: float = 0.0) -> float:
    """Half a cosine from 1 to `min_factor`, as torch's CosineAnnealingLR.

    Loshchilov & Hutter, "SGDR", ICLR 2017, without restarts.

    Args:
        progress: in [0, 1]; beyond 1 the end stays.
        min_factor: at progress 1.
    """
    return min_factor + (1.0 - min_factor) * (1.0 + math.cos(math.pi * min(progress, 1.0))) / 2.0


def poly(progress: float, power: float = 0.9, min_factor: float = 0.0) -> float:
    """`(1 - progress) ** power`, raised to end at `min_factor`; 0 gives torch's PolynomialLR.

    Args:
        progress: in [0, 1]; beyond 1 the end stays.
        power: 1 is a straight line.
        min_factor: at progress 1.
    """
    return float(min_factor + (1.0 - min_factor) * (1.0 - min(progress, 1.0)) ** power)


def warmup(iteration: float, iters: int, start_factor: float) -> float:
    """A straight line from `start_factor` to 1 over `iters` iterations, as torch's LinearLR.

    Args:
        iteration: completed; the first has 0 and therefore `start_factor`.
        iters: 0 for no warm-up.
        start_factor: in (0, 1].
    """
    if iteration >= iters:
        return 1.0
    return start_factor + (1.0 - start_factor) * iteration / iters
