"""mmdet's PhotoMetricDistortion on an image that is small already."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Jitter:
    """What one draw does to the colours; None leaves that part out.

    Attributes:
        contrast_last: after hue and saturation, else before.
        brightness: added to each value.
        contrast: factor.
        saturation: factor.
        hue: degrees.
        order: of the channels afterwards.
    """

    contrast_last: bool = False
    brightness: float | None = None
    contrast: float | None = None
    saturation: float | None = None
    hue: float | None = None
    order: tuple[int, ...] | None = None


@dataclass(frozen=True)
class JitterRange:
    """The arguments of PhotoMetricDistortion."""

    brightness_delta: float
    contrast: tuple[float, float]
    saturation: tuple[float, float]
    hue_delta: float

    def draw(self) -> Jitter:
        """All that mmdet draws, in its order, whether it is used or not."""
        mode, bright, contrast, saturate, hue, swap = (np.random.randint(2) for _ in range(6))
        delta = np.random.uniform(-self.brightness_delta, self.brightness_delta)
        alpha = np.random.uniform(*self.contrast)
        saturation = np.random.uniform(*self.saturation)
        degrees = np.random.uniform(-self.hue_delta, self.hue_delta)
        order = np.random.permutation(3)
        return Jitter(
            contrast_last=mode == 0,
            brightness=delta if bright else None,
            contrast=alpha if contrast else None,
            saturation=saturation if saturate else None,
            hue=degrees if hue else None,
            order=tuple(order.tolist()) if swap else None,
        )


def apply_jitter(pixels: np.ndarray, jitter: Jitter) -> np.ndarray:
    """The colours of mmdet's transform, to a float's rounding, but for the order of channels.

    Values leave 0..255 and are not clipped, as there. The way through HSV and back changes
    nothing where neither hue nor saturation do, unless a value is negative: that is the one case
    in which it is taken without them.

    Args:
        pixels: (height, width, 3), float32, BGR; may be overwritten.
        jitter: `order` is left to the caller, who copies the channels anyhow.

    Returns:
        As `pixels`.
    """
    if not pixels.size:  # OpenCV refuses it
        return pixels
    if jitter.brightness is not None:
        pixels += np.float32(jitter.brightness)
    if jitter.contrast is not None and not jitter.contrast_last:
        pixels *= np.float32(jitter.contrast)
    if jitter.saturation is not None or jitter.hue is not None or _any_negative(pixels, jitter):
        pixels = _through_hsv(pixels, jitter)
    if jitter.contrast is not None and jitter.contrast_last:
        pixels *= np.float32(jitter.contrast)
    return pixels


def _any_negative(pixels: np.ndarray, jitter: Jitter) -> bool:
    darker = jitter.brightness is not None and jitter.brightness < 0
    turned = jitter.contrast is not None and jitter.contrast < 0
    return bool((darker or turned) and pixels.min() < 0)


def _through_hsv(pixels: np.ndarray, jitter: Jitter) -> np.ndarray:
    """OpenCV goes on round the circle beyond 360 degrees; below 0 its vector code goes wrong."""
    hsv = cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV)
    saturation = 1.0 if jitter.saturation is None else jitter.saturation
    if jitter.saturation is not None or jitter.hue is not None:
        change = np.diag([1.0, saturation, 1.0, 1.0])[:3]
        change[0, 3] = (jitter.hue or 0.0) % 360
        hsv = cv2.transform(hsv, change)
    if saturation > 1:
        np.minimum(hsv[..., 1], 1, out=hsv[..., 1])
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
