"""k-means of box shapes, with 1 - IoU as the distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.best_prior import centred_iou

Array = NDArray[np.float64]

RESTARTS = 5
ROUNDS = 60


def iou_kmeans(sizes: Array, k: int, weights: Array, seed: int = 0) -> Array:
    """The k shapes with the largest mean IoU of each box with its nearest shape.

    As in YOLOv2 (Redmon and Farhadi 2016): boxes on one centre, distance 1 - IoU, a shape is the
    mean of its boxes. Started from k-means++ several times, always with the same random numbers;
    the best is given.

    Args:
        sizes: (N, 2) width and height, N >= 1.
        k: how many; more than the distinct boxes gives shapes more than once.
        weights: (N,) of the boxes, positive.
        seed: of the random numbers.

    Returns:
        (k, 2) by ascending area.
    """
    random = np.random.default_rng(seed)
    best, most = sizes[:1], -1.0
    for _ in range(RESTARTS):
        shapes, score = _refined(sizes, _spread(sizes, k, weights, random), weights)
        if score > most + 1e-12:
            best, most = shapes, score
    order: Array = best[np.argsort(best.prod(axis=1), kind='stable')]
    return order


def ratio_kmeans(ratios: Array, k: int, weights: Array) -> Array:
    """K positive numbers that stand for many: k-means of their logarithms, started at quantiles.

    Args:
        ratios: (N,) positive.
        k: how many.
        weights: (N,) positive.

    Returns:
        (k,) ascending.
    """
    if k == 0:
        return np.zeros(0)
    logs = np.log(ratios)
    order = np.argsort(logs, kind='stable')
    mass = np.cumsum(weights[order]) / weights.sum()
    marks = (np.arange(k) + 0.5) / k
    centres = logs[order][np.minimum(np.searchsorted(mass, marks), len(logs) - 1)]
    for _ in range(ROUNDS):
        nearest = np.abs(logs[:, None] - centres).argmin(axis=1)
        new = _means(logs[:, None], nearest, weights, centres[:, None])[:, 0]
        if np.array_equal(new, centres):
            break
        centres = new
    spread: Array = np.exp(np.sort(centres))
    return spread


def _spread(sizes: Array, k: int, weights: Array, random: np.random.Generator) -> Array:
    """k-means++: each further shape is a box, drawn by its squared distance to those before."""
    chosen = [sizes[random.choice(len(sizes), p=weights / weights.sum())]]
    for _ in range(k - 1):
        distance = 1 - centred_iou(sizes, np.array(chosen)).max(axis=1)
        mass = np.maximum(distance, 0) ** 2 * weights
        if mass.sum() <= 0:
            mass = weights
        chosen.append(sizes[random.choice(len(sizes), p=mass / mass.sum())])
    return np.array(chosen)


def _refined(sizes: Array, shapes: Array, weights: Array) -> tuple[Array, float]:
    best, most = shapes, -1.0
    for _ in range(ROUNDS):
        overlaps = centred_iou(sizes, shapes)
        score = float((overlaps.max(axis=1) * weights).sum() / weights.sum())
        if score > most:  # means are not the minimum of this distance, so it may fall again
            best, most = shapes, score
        new = _means(sizes, overlaps.argmax(axis=1), weights, shapes)
        if np.allclose(new, shapes, rtol=1e-9, atol=0):
            break
        shapes = new
    return best, most


def _means(values: Array, owner: NDArray[np.int64], weights: Array, before: Array) -> Array:
    """Weighted mean of each group; a group without values stays where it was."""
    k = len(before)
    mass = np.bincount(owner, weights, k)
    columns = [np.bincount(owner, weights * column, k) for column in values.T]
    sums = np.stack(columns, axis=1)
    mean: Array = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-300)[:, None], before)
    return mean
