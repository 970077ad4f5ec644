"""From a scene to a photograph: light, shadow, lens, sensor."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from mmholdout.sample.textures import Image


def photograph(rng: np.random.Generator, scene: Image) -> npt.NDArray[np.uint8]:
    """Uneven light, perhaps a shadow, white balance, gamma, blur and noise; uint8 BGR."""
    height, width = scene.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    slope_x, slope_y = rng.uniform(-0.25, 0.25, 2).astype(np.float32)
    light = np.float32(rng.uniform(0.85, 1.25)) + slope_x * x + slope_y * y
    if rng.random() < 0.4:  # somebody stands in the light
        edge = x * np.float32(rng.uniform(-1, 1)) + y * np.float32(rng.uniform(-1, 1))
        dark = np.float32(rng.uniform(0.2, 0.5))
        light = light * (1 - dark / (1 + np.exp(-edge * np.float32(rng.uniform(4, 20)))))
    balance = rng.uniform(0.88, 1.12, 3).astype(np.float32)
    picture = np.clip(scene * light[..., None] * balance / 255, 0, 1)
    picture = picture ** np.float32(rng.uniform(0.75, 1.25))
    sigma = float(rng.uniform(0, 1.1))
    if sigma > 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)
    grain = rng.standard_normal(scene.shape, np.float32) * np.float32(rng.uniform(1, 9))
    return np.asarray(np.clip(picture * 255 + grain, 0, 255).round(), np.uint8)
