"""From a source image and what was decided to the image that a model gets."""

from __future__ import annotations

from functools import partial

import numpy as np

from mmholdout.datasets.affine_warp import Placed, sample
from mmholdout.datasets.colour_jitter import Jitter, apply_jitter
from mmholdout.datasets.ssd_chain import Chain
from mmholdout.datasets.ssd_geometry import HORIZONTAL, VERTICAL, Geometry


def render(
    image: np.ndarray,
    jitter: Jitter,
    geometry: Geometry,
    chain: Chain,
    reduced: int = 1,
) -> np.ndarray:
    """Sample, colour, fill, flip.

    Where the chain changes colours before Resize, the result is a float that was never rounded,
    and the fill is distorted only where Expand comes first; where it changes them after Resize, it
    changes rounded values, fill included. Both as in mmdet.

    Args:
        image: (height, width, 3), uint8, BGR.
        jitter: of the colours.
        geometry: where each pixel comes from.
        chain: the order of both.
        reduced: px of the source per px of `image`, on each side.

    Returns:
        (height, width, 3), float32 where the chain changes colours, else uint8. Its memory is
        laid out by channel, as a model's input is, so that PackDetInputs need not copy it.
    """
    early = chain.comes_before('colour', 'resize')
    colour = partial(apply_jitter, jitter=jitter) if early else None
    placed = sample(image, geometry.window, chain.size, geometry.source, reduced, colour)
    fill = chain.fill  # None: nothing leads out of the image
    if early:
        if fill is not None:
            painted_after = chain.comes_before('colour', 'expand')
            fill = _before_order(fill, jitter) if painted_after else _jittered(fill, jitter)
            placed.blend(fill)
    else:
        if fill is not None:
            placed.blend(fill)
        if placed.pixels.dtype != np.uint8:
            np.rint(placed.pixels, out=placed.pixels)
        if chain.colour is None:
            placed.pixels = placed.pixels.astype(np.uint8)
        else:
            placed.pixels = apply_jitter(placed.pixels.astype(np.float32), jitter)
            fill = None if fill is None else _jittered(fill, jitter)
    return _compose(placed, geometry.size, fill, geometry.flip, jitter.order or (0, 1, 2))


def _jittered(fill: np.ndarray, jitter: Jitter) -> np.ndarray:
    return apply_jitter(fill.reshape(1, 1, 3).copy(), jitter).reshape(3)


def _before_order(fill: np.ndarray, jitter: Jitter) -> np.ndarray:
    """The colour that becomes `fill` when the channels are reordered."""
    if jitter.order is None:
        return fill
    other = np.empty_like(fill)
    other[list(jitter.order)] = fill
    return other


def _compose(
    placed: Placed,
    size: tuple[int, int],
    fill: np.ndarray | None,
    flip: str | None,
    order: tuple[int, ...],
) -> np.ndarray:
    planes = np.empty((3, size[1], size[0]), placed.pixels.dtype)
    view = planes[:, :: -1 if flip in VERTICAL else 1, :: -1 if flip in HORIZONTAL else 1]
    if fill is not None and (placed.rows, placed.columns) != ((0, size[1]), (0, size[0])):
        planes[:] = fill[list(order)].astype(planes.dtype)[:, None, None]
        view = view[:, slice(*placed.rows), slice(*placed.columns)]
    for plane, channel in zip(view, order):
        plane[...] = placed.pixels[..., channel]
    return planes.transpose(1, 2, 0)
