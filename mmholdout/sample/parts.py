"""The four classes, drawn upright in a square patch: screw, nut, washer, battery."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from mmholdout.sample.textures import Image, colour

PATCH = 96  # side of a patch in pixels; parts are at most 80 px long in a scene
_SHIFT = 4  # OpenCV draws polygons and circles in 1/16 px
Patch = tuple[Image, Image]  # BGR (PATCH, PATCH, 3); coverage in [0, 1] (PATCH, PATCH)


def _grid() -> tuple[Image, Image]:
    axis = (np.arange(PATCH, dtype=np.float32) + 0.5) / PATCH * 2 - 1
    return np.meshgrid(axis, axis)


X, Y = _grid()  # patch coordinates in [-1, 1]


def _polygon(points: npt.ArrayLike) -> Image:
    """Coverage of a polygon given in patch coordinates."""
    mask = np.zeros((PATCH, PATCH), np.uint8)
    pixels = (np.asarray(points, np.float64) + 1) / 2 * PATCH - 0.5
    corners = np.round(pixels * 2**_SHIFT).astype(np.int32)
    cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, _SHIFT)
    return np.asarray(mask / np.float32(255), np.float32)


def _box(left: float, top: float, right: float, bottom: float) -> Image:
    return _polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def _disc(radius: float) -> Image:
    return np.clip((radius - np.hypot(X, Y)) * PATCH / 2 + 0.5, 0, 1).astype(np.float32)


_TONES = ((205, 200, 195), (95, 165, 200), (70, 66, 64))  # zinc, brass, black oxide; BGR


def _metal(rng: np.random.Generator, shares: tuple[float, float, float]) -> Image:
    """A tone drawn by the class's habit: no class has a tone of its own."""
    pick = int(rng.choice(len(_TONES), p=shares))
    return np.asarray(_TONES[pick], np.float32) * colour(rng, 0.8, 1.1, 0.06)


def _shade(tone: Image, light: Image) -> Image:
    return tone[None, None] * light[..., None]


def _cylinder(rng: np.random.Generator, half_width: float) -> Image:
    """Brightness across a lying cylinder: a highlight off its axis, dark edges."""
    across = np.clip(X / half_width, -1, 1)
    edge = np.sqrt(np.clip(1 - across**2, 0, 1))
    glint = np.exp(-(((across - rng.uniform(-0.5, 0.5)) / 0.2) ** 2))
    return np.asarray(0.45 + 0.5 * edge + 0.45 * glint, np.float32)


def screw(rng: np.random.Generator) -> Patch:
    """Head, threaded shaft and tip, seen from the side."""
    shaft, head = rng.uniform(0.17, 0.24), rng.uniform(0.38, 0.5)
    neck = -1 + rng.uniform(0.2, 0.32)
    if rng.random() < 0.5:  # countersunk or pan head
        cap = _polygon([(-head, -0.98), (head, -0.98), (shaft, neck), (-shaft, neck)])
    else:
        left = [(-head, neck), (-head, -0.86), (-head / 2, -0.98)]
        cap = _polygon([*left, *((-x, y) for x, y in reversed(left))])
    body = _polygon([(-shaft, neck), (shaft, neck), (shaft, 0.78), (0, 0.98), (-shaft, 0.78)])
    light = _cylinder(rng, head)
    thread = 1 + 0.3 * np.sin((Y + 0.5 * X) * np.float32(rng.uniform(28, 44)))
    light = np.where(neck < Y, _cylinder(rng, shaft) * thread, light)
    return _shade(_metal(rng, (0.7, 0.2, 0.1)), light), np.maximum(cap, body)


def nut(rng: np.random.Generator) -> Patch:
    """A hexagon with a threaded hole."""
    corners = np.arange(6) * np.pi / 3
    outer = _polygon(np.stack([np.cos(corners), np.sin(corners)], 1) * 0.97)
    hole = _disc(rng.uniform(0.46, 0.58))
    facet = np.floor((np.arctan2(Y, X) + np.pi) / (np.pi / 3)).astype(int) % 6
    light = rng.uniform(0.7, 1.15, 6).astype(np.float32)[facet]
    chamfer = _disc(0.8)
    light = light * (1 - chamfer) + np.float32(rng.uniform(0.85, 1.1)) * chamfer
    return _shade(_metal(rng, (0.1, 0.8, 0.1)), light), outer * (1 - hole)


def washer(rng: np.random.Generator) -> Patch:
    """A flat ring."""
    outer, hole = _disc(0.97), _disc(rng.uniform(0.4, 0.62))
    angle = np.arctan2(Y, X) + rng.uniform(0, 2 * np.pi)
    light = 0.9 + 0.22 * np.cos(2 * angle) + 0.12 * (np.hypot(X, Y) > 0.88)
    return _shade(_metal(rng, (0.8, 0.1, 0.1)), light.astype(np.float32)), outer * (1 - hole)


def battery(rng: np.random.Generator) -> Patch:
    """A round cell on its side: two-coloured wrap and a contact at one end."""
    half, split = rng.uniform(0.36, 0.46), rng.uniform(-0.6, 0.1)
    wrap = colour(rng, 30, 60, 0.2)
    band = np.asarray((60, 130, 220), np.float32) * colour(rng, 0.8, 1.1, 0.06)
    if rng.random() < 0.3:  # other makers
        wrap, band = colour(rng, 40, 130, 0.7), colour(rng, 90, 200, 0.5)
    tone = np.where((split > Y)[..., None], band, wrap)
    knob = _box(-0.1, -0.98, 0.1, -0.84)
    tone = np.where((Y < -0.86)[..., None], np.float32(200), tone)
    body = _box(-half, -0.86, half, 0.98)
    label = (np.abs(Y - rng.uniform(0.2, 0.6)) < 0.06) & (np.abs(X) < half * 0.7)
    tone = np.where(label[..., None], np.float32(rng.uniform(120, 230)), tone)
    return tone * _cylinder(rng, half)[..., None], np.maximum(knob, body)


PARTS: dict[str, Callable[[np.random.Generator], Patch]] = {
    'screw': screw,
    'nut': nut,
    'washer': washer,
    'battery': battery,
}
CLASSES = tuple(PARTS)
