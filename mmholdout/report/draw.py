"""Detections drawn on an image."""

from __future__ import annotations

import colorsys
import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

_GOLDEN = 0.618034  # turns of the colour circle: neighbours in the class list differ most


def draw_detections(
    image: Image,
    bboxes: NDArray[Any],
    labels: NDArray[Any],
    scores: NDArray[Any],
    classes: Sequence[str],
    score_thr: float = 0.3,
) -> Image:
    """A copy of the image with a box, a class name and a score for each detection.

    Args:
        image: uint8 (H, W, 3), BGR.
        bboxes: (N, 4) xyxy pixels; clipped to the image; those that lie outside or are not
            finite are left out.
        labels: (N,) int from 0.
        scores: (N,); drawn in rising order, so that the surest lies on top.
        classes: names by label; a missing one, or one that the built-in font lacks the letters
            for, becomes `class 7`.
        score_thr: detections below it, and NaN, are not drawn.

    Raises:
        ValueError: an image of another shape or type, or arrays of unequal length.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f'needs a uint8 (H, W, 3) image, got {image.dtype} {image.shape}')
    boxes = np.asarray(bboxes, dtype=np.float64).reshape(-1, 4)
    if not len(boxes) == len(labels) == len(scores):
        raise ValueError(f'{len(boxes)} bboxes, {len(labels)} labels, {len(scores)} scores')
    canvas: Image = np.ascontiguousarray(image).copy()
    order = np.argsort(np.asarray(scores, dtype=np.float64), kind='stable')
    for i in order:
        corners = _clipped(boxes[i], canvas.shape[0], canvas.shape[1])
        if corners is None or not float(scores[i]) >= score_thr:  # a NaN score is not drawn
            continue
        label = int(labels[i])
        caption = f'{_drawable(label, classes)} {float(scores[i]):.2f}'
        _draw_one(canvas, corners, caption, class_colour(label))
    return canvas


def class_colour(label: int) -> tuple[int, int, int]:
    """The same bright BGR colour for a class in every image and run."""
    value = 1.0 if (label // 12) % 2 == 0 else 0.7
    red, green, blue = colorsys.hsv_to_rgb((label * _GOLDEN) % 1.0, 0.9, value)
    return round(255 * blue), round(255 * green), round(255 * red)


def _clipped(box: NDArray[Any], height: int, width: int) -> tuple[int, int, int, int] | None:
    if not np.isfinite(box).all() or height == 0 or width == 0:
        return None
    x1, y1, x2, y2 = (float(v) for v in box)
    if x2 < x1 or y2 < y1 or x2 < 0 or y2 < 0 or x1 > width - 1 or y1 > height - 1:
        return None
    right, bottom = min(width - 1, math.ceil(x2)), min(height - 1, math.ceil(y2))
    return max(0, math.floor(x1)), max(0, math.floor(y1)), right, bottom


def _drawable(label: int, classes: Sequence[str]) -> str:
    """The class name where OpenCV's built-in font can show it, else `class 7`."""
    fallback = f'class {label}'
    if not 0 <= label < len(classes):
        return fallback
    plain = unicodedata.normalize('NFKD', str(classes[label]))
    plain = ''.join(c for c in plain if not unicodedata.combining(c))
    if not plain.strip() or not plain.isascii() or not plain.isprintable():
        return fallback
    return plain if len(plain) <= 24 else plain[:21] + '...'


def _draw_one(
    canvas: Image,
    corners: tuple[int, int, int, int],
    caption: str,
    colour: tuple[int, int, int],
) -> None:
    import cv2  # slow to load, and only `predict` draws

    height, width = canvas.shape[:2]
    x1, y1, x2, y2 = corners
    thickness = max(1, round(min(height, width) / 300))
    cv2.rectangle(canvas, (x1, y1), (x2, y2), colour, thickness)

    font, scale = cv2.FONT_HERSHEY_SIMPLEX, min(1.5, max(0.35, min(height, width) / 900))
    (text_width, text_height), base = cv2.getTextSize(caption, font, scale, 1)
    pad = 2
    label_height, label_width = text_height + base + 2 * pad, text_width + 2 * pad
    # Above the box; inside it where there is no room above; never beyond the right edge.
    top = y1 - label_height if y1 >= label_height else min(y1, max(0, height - label_height))
    left = max(0, min(x1, width - label_width))
    right, bottom = min(width - 1, left + label_width), min(height - 1, top + label_height)
    cv2.rectangle(canvas, (left, top), (right, bottom), colour, -1)
    blue, green, red = colour
    ink = (0, 0, 0) if 0.114 * blue + 0.587 * green + 0.299 * red > 127 else (255, 255, 255)
    origin = (left + pad, top + pad + text_height)
    cv2.putText(canvas, caption, origin, font, scale, ink, 1, cv2.LINE_AA)
