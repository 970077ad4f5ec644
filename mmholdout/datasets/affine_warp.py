"""A window of an image, scaled: each output pixel is sampled from the source once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

Window = tuple[int, int, int, int]
COLOUR_FIRST = 4.0  # times the pixels of the output; up to there colours change before sampling


@dataclass
class Placed:
    """The part of an output that shows the source.

    Attributes:
        pixels: (h, w, 3), rows `rows` and columns `columns` of the output; a tap that falls
            outside the source takes the pixel at its edge.
        rows: the first, and one past the last.
        columns: likewise.
        row_shares: (h,), float32: how much the source weighs in each row, 1 but at its edge.
        column_shares: (w,), likewise.
    """

    pixels: np.ndarray
    rows: tuple[int, int]
    columns: tuple[int, int]
    row_shares: np.ndarray
    column_shares: np.ndarray

    def blend(self, fill: np.ndarray) -> None:
        """Let the taps outside the source count for the fill, (3,)."""
        for shares, view in (
            (self.column_shares, self.pixels.swapaxes(0, 1)),
            (self.row_shares, self.pixels),
        ):
            partial = np.flatnonzero(shares < 1)
            if len(partial):
                weight = shares[partial, None, None]
                view[partial] = fill + (view[partial] - fill) * weight


def sample(
    image: np.ndarray,
    window: Window,
    size: tuple[int, int],
    source: tuple[int, int],
    reduced: int = 1,
    colour: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Placed:
    """Bilinear with half-pixel centres: `cv2.resize` of the window, cut from a filled plane.

    The plane, up to 16 times the image, is never made.

    Args:
        image: (height, width, 3), uint8.
        window: x1, y1, x2, y2 in px of the source, whose corner is (0, 0).
        size: width and height of the output.
        source: width and height of the source.
        reduced: px of the source per px of `image`, on each side.
        colour: changes (h, w, 3) in float32; None: a window that lies in the image is sampled as
            uint8, with OpenCV's rounding, any other as float32.
    """
    x1, y1 = max(window[0], 0), max(window[1], 0)
    x2, y2 = min(window[2], source[0]), min(window[3], source[1])
    if reduced == 1:
        image = image[y1:y2, x1:x2] if x1 < x2 and y1 < y2 else image[:0, :0]
        if (x1, y1, x2, y2) == window:
            return _resized(image, size, colour)
    across, down = _Axis(window[0::2], size[0], x1, x2), _Axis(window[1::2], size[1], y1, y2)
    corner = (x1, y1) if reduced == 1 else (0, 0)
    (zoom_x, x), (zoom_y, y) = across.move(corner[0], reduced), down.move(corner[1], reduced)
    target = (len(across.shares), len(down.shares))
    pixels = np.zeros((target[1], target[0], 3), np.float32)
    if pixels.size:
        part = image.astype(np.float32)
        early = colour is not None and _colour_first(part, target)
        pixels = cv2.warpAffine(
            colour(part) if early else part,
            np.array([[zoom_x, 0, x], [0, zoom_y, y]]),
            target,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        if colour is not None and not early:
            pixels = colour(pixels)
    return Placed(pixels, down.range, across.range, down.shares, across.shares)


def _resized(
    part: np.ndarray, size: tuple[int, int], colour: Callable[[np.ndarray], np.ndarray] | None
) -> Placed:
    if colour is None:
        pixels = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
    elif _colour_first(part, size):
        pixels = cv2.resize(colour(part.astype(np.float32)), size, interpolation=cv2.INTER_LINEAR)
    else:
        part = part.astype(np.float32)
        pixels = colour(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR))
    ones = np.ones(max(size), np.float32)
    return Placed(pixels, (0, size[1]), (0, size[0]), ones[: size[1]], ones[: size[0]])


def _colour_first(part: np.ndarray, size: tuple[int, int]) -> bool:
    """Whether to change colours before sampling, as mmdet does.

    Then there is no difference. It costs little, as memory is the limit, until many pixels are
    changed that no output pixel sees.
    """
    return part.shape[0] * part.shape[1] <= COLOUR_FIRST * size[0] * size[1]


class _Axis:
    """One axis: which output pixels see the source, from `first` up to `end`, and how much."""

    def __init__(self, window: tuple[int, int], count: int, first: int, end: int) -> None:
        low, high = window
        self._step = (high - low) / count
        self._low = low
        at = (np.arange(count) + 0.5) * self._step - 0.5 + low
        at = at.clip(low, high - 1)  # OpenCV repeats the edge of what it resizes
        tap = np.floor(at)
        near = (tap >= first) & (tap < end)
        far = (tap + 1 >= first) & (tap + 1 < end)
        shares = near * (1 - (at - tap)) + far * (at - tap)
        seen = np.flatnonzero(shares > 0)
        self.range = (int(seen[0]), int(seen[-1]) + 1) if len(seen) else (0, 0)
        self.shares = shares[slice(*self.range)].astype(np.float32)

    def move(self, origin: int, reduced: int) -> tuple[float, float]:
        """Factor and shift from an output pixel of the range to a pixel of what is sampled.

        Args:
            origin: where that begins, in px of the source.
            reduced: px of the source per px of it.
        """
        start = (self.range[0] + 0.5) * self._step + self._low - origin
        return self._step / reduced, start / reduced - 0.5
