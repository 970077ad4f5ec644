"""Things without a label: what lies below the parts, and what covers them."""

from __future__ import annotations

import cv2
import numpy as np

from mmholdout.sample.textures import Image, colour


def _tone(rng: np.random.Generator) -> tuple[float, ...]:
    return tuple(float(c) for c in colour(rng, 30, 210, 0.4))


def _scrap(rng: np.random.Generator, size: int) -> np.ndarray:
    """A crooked quadrilateral around the origin."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, 4))
    radii = rng.uniform(0.4, 1.0, 4) * size
    return np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None]


def litter(rng: np.random.Generator, image: Image) -> None:
    """Draw unlabelled discs, scraps and rods into `image`: near misses for a detector."""
    height, width = image.shape[:2]
    for _ in range(int(rng.integers(0, 5))):
        centre = rng.integers(0, (width, height))
        size, kind = int(rng.integers(4, 20)), int(rng.integers(3))
        x, y = int(centre[0]), int(centre[1])
        if kind == 0:
            cv2.circle(image, (x, y), size // 2 + 2, _tone(rng), -1, cv2.LINE_AA)
        elif kind == 1:
            points = (_scrap(rng, size) + centre).astype(np.int32)
            cv2.fillPoly(image, [points], _tone(rng), cv2.LINE_AA)
        else:
            dx, dy = (int(v) for v in rng.integers(-2 * size, 2 * size + 1, 2))
            cv2.line(image, (x, y), (x + dx, y + dy), _tone(rng), size // 5 + 1, cv2.LINE_AA)


def cover(rng: np.random.Generator, image: Image, owner: np.ndarray, index: int) -> None:
    """Lay a strip or a scrap of paper over the part `index`.

    Args:
        rng: what is drawn comes from it alone.
        image: drawn into.
        owner: int16 (H, W), the part seen in each pixel, -1 for none; becomes -1 where covered.
        index: the part to aim at.
    """
    rows, columns = np.nonzero(owner == index)
    if len(rows) == 0:
        return
    pick = int(rng.integers(len(rows)))
    centre = np.array([columns[pick], rows[pick]])
    reach = int(max(np.ptp(rows), np.ptp(columns))) + 1
    if rng.random() < 0.5:  # a cable
        angle = rng.uniform(0, np.pi)
        along = np.array([np.cos(angle), np.sin(angle)])
        side = np.array([-along[1], along[0]]) * reach * rng.uniform(0.1, 0.22)
        ends = centre + np.outer((-3 * reach, 3 * reach), along)
        points = np.array([ends[0] - side, ends[0] + side, ends[1] + side, ends[1] - side])
    else:
        points = _scrap(rng, max(4, round(reach * rng.uniform(0.5, 0.9)))) + centre
    mask = np.zeros(owner.shape, np.uint8)
    cv2.fillPoly(mask, [points.astype(np.int32)], 1)
    covered = mask > 0
    relief = rng.normal(0, 4, (int(covered.sum()), 1))
    image[covered] = colour(rng, 30, 220, 0.4) + relief
    owner[covered] = -1
