"""Backgrounds: what a workbench photographed from above may look like."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]  # (H, W, 3) BGR or (H, W), nominally 0..255


def smooth_noise(
    rng: np.random.Generator, height: int, width: int, cell: float, stretch: float = 1.0
) -> Image:
    """Value noise in [-1, 1], shape (height, width).

    Args:
        rng: what is drawn comes from it alone.
        height: in pixels.
        width: in pixels.
        cell: distance of the random values in pixels; the larger, the smoother.
        stretch: cells are this much longer along x.
    """
    rows = max(2, round(height / cell) + 1)
    columns = max(2, round(width / (cell * stretch)) + 1)
    coarse = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def colour(rng: np.random.Generator, low: float, high: float, saturation: float) -> Image:
    """A random BGR colour: brightness within [low, high], channels spread by `saturation`."""
    brightness = rng.uniform(low, high)
    return np.asarray(brightness * (1 + saturation * rng.uniform(-1, 1, 3)), np.float32)


def _tinted(base: Image, relief: Image) -> Image:
    return base[None, None] + relief[..., None]


def _wood(rng: np.random.Generator, height: int, width: int) -> Image:
    base = np.array([70, 110, 150], np.float32) * np.float32(rng.uniform(0.6, 1.2))
    warp = smooth_noise(rng, height, width, 30, 2)
    rows = np.arange(height, dtype=np.float32)[:, None]
    rings = np.sin(rows * rng.uniform(0.15, 0.5) + 4 * warp)
    grain = smooth_noise(rng, height, width, 1.5, 20)
    return _tinted(base, 12 * rings + 14 * grain)


def _felt(rng: np.random.Generator, height: int, width: int) -> Image:
    fibres = rng.normal(0, 9, (height, width)).astype(np.float32)
    patches = smooth_noise(rng, height, width, 25)
    return _tinted(colour(rng, 50, 170, 0.35), fibres + 10 * patches)


def _steel(rng: np.random.Generator, height: int, width: int) -> Image:
    brushed = smooth_noise(rng, height, width, 1, 40)
    sheen = smooth_noise(rng, height, width, 60)
    return _tinted(colour(rng, 100, 180, 0.06), 14 * brushed + 22 * sheen)


def _cutting_mat(rng: np.random.Generator, height: int, width: int) -> Image:
    image = _tinted(colour(rng, 50, 110, 0.5), 3 * smooth_noise(rng, height, width, 2))
    step, offset = int(rng.integers(12, 30)), int(rng.integers(0, 12))
    line = float(rng.uniform(20, 60))
    image[offset::step] += line
    image[:, offset::step] += line
    return image


def _granite(rng: np.random.Generator, height: int, width: int) -> Image:
    specks = smooth_noise(rng, height, width, 2.5) + 0.6 * smooth_noise(rng, height, width, 7)
    return _tinted(colour(rng, 80, 160, 0.1), 30 * specks)


def _board(rng: np.random.Generator, height: int, width: int) -> Image:
    base = np.array([45, 95, 35], np.float32) * np.float32(rng.uniform(0.7, 1.3))
    image = _tinted(base, 3 * smooth_noise(rng, height, width, 3))
    trace = tuple(float(c) for c in base * 1.35)
    for _ in range(int(rng.integers(6, 16))):
        x, y = (int(v) for v in rng.integers(0, (width, height)))
        dx, dy = (int(v) for v in rng.integers(-50, 51, 2))
        cv2.line(image, (x, y), (x + dx, y), trace, 2)
        cv2.line(image, (x + dx, y), (x + dx, y + dy), trace, 2)
        cv2.circle(image, (x + dx, y + dy), 3, (110.0, 170.0, 180.0), -1)
    return image


TEXTURES: tuple[Callable[[np.random.Generator, int, int], Image], ...] = (
    _wood,
    _felt,
    _steel,
    _cutting_mat,
    _granite,
    _board,
)


def background(rng: np.random.Generator, height: int, width: int) -> Image:
    """One textured background, float32 (height, width, 3) BGR."""
    texture = TEXTURES[int(rng.integers(len(TEXTURES)))]
    if rng.random() < 0.5:  # grain along y as often as along x
        return np.ascontiguousarray(texture(rng, width, height).transpose(1, 0, 2))
    return np.ascontiguousarray(texture(rng, height, width))
