"""Zooming out, cropping, resizing and flipping as one affine map, decided before any pixel."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mmholdout.datasets.crop_decision import decide_crop

HORIZONTAL = ('horizontal', 'diagonal')
VERTICAL = ('vertical', 'diagonal')


@dataclass
class Geometry:
    """From a source image to an output; each method draws and decides as mmdet's transform does.

    The output shows `window` of the plane that the source image lies in, at (0, 0): a part of the
    image, or more than it where `expand` has zoomed out.

    Attributes:
        window: x1, y1, x2, y2 in px of the source.
        bboxes: (n, 4), float32, xyxy in px of the window's frame, of the output after `resize`.
        kept: which boxes of the input are left; None: all.
        source: width and height of the source.
        size: width and height of the window, of the output after `resize`.
        scale_factor: output px per px of the window, in x and y.
        flip: its direction, or None.
    """

    bboxes: np.ndarray
    size: tuple[int, int]
    source: tuple[int, int] = field(init=False)
    window: tuple[int, int, int, int] = field(init=False)
    kept: np.ndarray | None = None
    scale_factor: tuple[float, float] = (1.0, 1.0)
    flip: str | None = None

    def __post_init__(self) -> None:
        self.source = self.size
        self.window = (0, 0, *self.size)

    def expand(self, low: float, high: float, prob: float) -> None:
        """Expand: a larger frame around the image."""
        if np.random.uniform(0, 1) > prob:
            return
        width, height = self.size
        ratio = np.random.uniform(low, high)
        left = int(np.random.uniform(0, width * ratio - width))
        top = int(np.random.uniform(0, height * ratio - height))
        self._cut(-left, -top, int(width * ratio), int(height * ratio))

    def crop(self, modes: Sequence[float], min_crop_size: float, clip: bool) -> None:
        """MinIoURandomCrop: a patch, with the boxes whose centre is in it."""
        decided = decide_crop(*self.size, self.bboxes, modes, min_crop_size)
        if decided is None:
            return
        (x1, y1, x2, y2), inside = decided
        if len(self.bboxes):
            self.bboxes, self.kept = self.bboxes[inside], inside
        self._cut(x1, y1, x2 - x1, y2 - y1)
        if clip and len(self.bboxes):
            self._clip()

    def resize(self, size: tuple[int, int], clip: bool) -> None:
        """Resize to (width, height), whatever the aspect ratio."""
        self.scale_factor = (size[0] / self.size[0], size[1] / self.size[1])
        self.size = size
        self.bboxes = self.bboxes * np.array(self.scale_factor * 2, np.float32)
        if clip:
            self._clip()

    def turn(self, choice: FlipChoice) -> None:
        """RandomFlip of the output."""
        self.flip = choice.draw()
        flipped = self.bboxes.copy()
        for axis, directions in enumerate((HORIZONTAL, VERTICAL)):
            if self.flip in directions:
                far = np.float32(self.size[axis])
                flipped[:, axis] = far - self.bboxes[:, axis + 2]
                flipped[:, axis + 2] = far - self.bboxes[:, axis]
        self.bboxes = flipped

    def _cut(self, x: int, y: int, width: int, height: int) -> None:
        left, top = self.window[0] + x, self.window[1] + y
        self.window, self.size = (left, top, left + width, top + height), (width, height)
        self.bboxes = self.bboxes + np.array([-x, -y, -x, -y], np.float32)

    def _clip(self) -> None:
        self.bboxes = self.bboxes.clip(0, np.array(self.size * 2, np.float32))


class FlipChoice:
    """`np.random.choice` of a direction or none, with its draw and without its checks.

    Args:
        directions: of RandomFlip.
        prob: of flipping at all, or of each direction.
    """

    def __init__(self, directions: str | Sequence[str], prob: float | Sequence[float]) -> None:
        names = [directions] if isinstance(directions, str) else list(directions)
        if isinstance(prob, float | int):
            shares = [prob / len(names)] * len(names) + [1.0 - prob]
        else:
            shares = [*prob, 1 - sum(prob)]
        sums = np.cumsum(np.array(shares))
        self._sums = (sums / sums[-1]).tolist()
        self._names: list[str | None] = [*names, None]

    def draw(self) -> str | None:
        """A direction, or None."""
        return self._names[bisect_right(self._sums, np.random.random_sample())]
