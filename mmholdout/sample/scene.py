"""One image: background, litter, parts of several scales, what covers them, and their boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from mmholdout.sample.camera import photograph
from mmholdout.sample.clutter import cover, litter
from mmholdout.sample.parts import PARTS, PATCH, Patch
from mmholdout.sample.textures import Image, background

SIZES = ((160, 120), (160, 160), (144, 128), (120, 160))  # width, height
SCALES = (18, 84)  # longest side of a part in pixels
LARGER = 0.6  # 1: log-uniform scales; below: large parts are more frequent
EMPTY_SHARE = 0.08  # images without any part
COVER_SHARE = 0.1  # parts that something is laid upon
SEEN = 0.25  # a part seen less than this is left out or undone
EASY = 0.55  # a part seen less than this is `difficult`
TINY = 8  # so is one whose box is shorter than this on its longest side


@dataclass(frozen=True)
class Part:
    """What is seen of one part: pixel box, 0-based, right and bottom pixel included."""

    name: str
    box: tuple[int, int, int, int]
    difficult: bool
    truncated: bool


@dataclass(frozen=True)
class Scene:
    """A picture (uint8 BGR) and its parts."""

    image: npt.NDArray[np.uint8]
    parts: tuple[Part, ...]


Draw = Callable[[np.random.Generator], Patch]


def _placed(
    rng: np.random.Generator, draw: Draw, height: int, width: int
) -> tuple[Image, Image, float]:
    """A part turned, scaled and moved: colour, coverage, and its whole area in pixels."""
    colours, coverage = draw(rng)
    low, high = SCALES
    scale = low * (high / low) ** float(rng.random() ** LARGER) / PATCH
    squeeze = np.diag([rng.uniform(0.8, 1.0), rng.uniform(0.9, 1.0)])  # seen at an angle
    turn = rng.uniform(0, 2 * np.pi)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = scale * rotation @ squeeze
    centre = rng.uniform((8, 8), (width - 9, height - 9))
    affine = np.column_stack([matrix, centre - matrix @ np.full(2, (PATCH - 1) / 2)])
    # Shrinking skips pixels; a blur of about half the step first keeps it from glittering.
    sigma = 0.45 * (1 / scale - 1)
    layers = np.dstack([colours * coverage[..., None], coverage]).astype(np.float32)
    if sigma > 0.3:
        layers = cv2.GaussianBlur(layers, (0, 0), sigma)
    warped = cv2.warpAffine(layers, affine, (width, height), flags=cv2.INTER_LINEAR)
    area = float(coverage.sum()) * abs(float(np.linalg.det(matrix)))
    return warped[..., :3], warped[..., 3], area


def _share_seen(owner: npt.NDArray[np.int16], areas: list[float]) -> npt.NDArray[np.float64]:
    seen = np.bincount(owner.ravel() + 1, minlength=len(areas) + 1)[1:]
    return np.asarray(seen / np.maximum(areas, 1))


def _shadow(rng: np.random.Generator, image: Image, coverage: Image) -> None:
    dx, dy = (int(v) for v in rng.integers(-2, 3, 2))
    soft = cv2.GaussianBlur(np.roll(coverage, (dy, dx), (0, 1)), (0, 0), 1.5)
    image *= 1 - np.float32(0.45) * soft[..., None]


def render(rng: np.random.Generator, kinds: Mapping[str, Draw] = PARTS) -> Scene:
    """Draw one scene from `rng` alone.

    A part is placed only where it and every earlier part stay recognisable (`SEEN`).

    Args:
        rng: what is drawn comes from it alone.
        kinds: class name -> what draws a part of it.
    """
    classes = tuple(kinds)
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    image = background(rng, height, width)
    litter(rng, image)
    owner = np.full((height, width), -1, np.int16)
    names: list[str] = []
    areas: list[float] = []
    wanted = 0 if rng.random() < EMPTY_SHARE else int(rng.integers(2, 7))
    for _ in range(3 * wanted):
        if len(names) == wanted:
            break
        name = classes[int(rng.integers(len(classes)))]
        colours, coverage, area = _placed(rng, kinds[name], height, width)
        trial = np.where(coverage > 0.5, np.int16(len(names)), owner)
        if _share_seen(trial, [*areas, area]).min() < SEEN:
            continue
        _shadow(rng, image, coverage)
        image[:] = image * (1 - coverage[..., None]) + colours
        owner = trial
        names.append(name)
        areas.append(area)
    for index in range(len(names)):
        if rng.random() < COVER_SHARE:
            covered_image, covered_owner = image.copy(), owner.copy()
            cover(rng, covered_image, covered_owner, index)
            if _share_seen(covered_owner, areas).min() >= SEEN:
                image, owner = covered_image, covered_owner
    shares = _share_seen(owner, areas)
    parts = tuple(_part(name, owner == i, float(shares[i])) for i, name in enumerate(names))
    return Scene(photograph(rng, image), parts)


def _part(name: str, seen: npt.NDArray[np.bool_], share: float) -> Part:
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1]))
    height, width = seen.shape
    truncated = box[0] == 0 or box[1] == 0 or box[2] == width - 1 or box[3] == height - 1
    longest = max(box[2] - box[0], box[3] - box[1]) + 1
    difficult = share < EASY or longest < TINY
    return Part(name, box, difficult, truncated)
