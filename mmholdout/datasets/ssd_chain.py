"""Which transforms of a config can be taken together, and what their words say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from mmdet.datasets.transforms import Expand, PhotoMetricDistortion, RandomFlip, Resize
from mmdet.datasets.transforms import MinIoURandomCrop as StockCrop

from mmholdout.datasets.colour_jitter import JitterRange
from mmholdout.datasets.min_iou_crop import MinIoURandomCrop
from mmholdout.datasets.ssd_geometry import FlipChoice
from mmholdout.errors import ConfigError
from mmholdout.registry import TRANSFORMS

_KINDS: dict[type, str] = {
    PhotoMetricDistortion: 'colour',
    Expand: 'expand',
    StockCrop: 'crop',
    MinIoURandomCrop: 'crop',
    Resize: 'resize',
    RandomFlip: 'flip',
}
_GEOMETRY = ('expand', 'crop', 'resize', 'flip')
_NAMES = 'PhotoMetricDistortion, Expand, MinIoURandomCrop, Resize, RandomFlip'


@dataclass(frozen=True)
class Chain:
    """The transforms in their order; a part that is not there is None.

    Attributes:
        order: of 'colour', 'expand', 'crop', 'resize', 'flip': each draws in its turn.
        size: width and height of the output.
        clip: whether boxes are clipped after resizing.
        fill: (3,), BGR, around the image, as it is when Expand paints it.
    """

    order: tuple[str, ...]
    size: tuple[int, int]
    clip: bool
    colour: JitterRange | None
    expand: tuple[float, float, float] | None
    crop: tuple[tuple[float, ...], float, bool] | None
    flip: FlipChoice | None
    fill: np.ndarray | None

    def comes_before(self, one: str, other: str) -> bool:
        """Whether both are there, in this order."""
        return (one in self.order and other in self.order) and (
            self.order.index(one) < self.order.index(other)
        )


def read_chain(transforms: Sequence[Any]) -> Chain:
    """Build the transforms, as configs or ready, and take what they were given.

    Raises:
        ConfigError: another transform, two of a kind, an order or an option that has no single
            affine map, or no Resize.
    """
    parts: dict[str, Any] = {}
    problems: list[str] = []
    for number, words in enumerate(transforms):
        part = TRANSFORMS.build(words) if isinstance(words, dict) else words
        kind = _KINDS.get(type(part))
        if kind is None:
            problems.append(
                f'transforms[{number}] is {type(part).__name__}, which SSDAugmentation does not '
                f'know; it takes {_NAMES}: put others into the pipeline beside it'
            )
        elif kind in parts:
            problems.append(f'transforms[{number}] is a second {type(part).__name__}')
        else:
            parts[kind] = part
    problems += _unfit(parts, len(transforms))
    if problems:
        raise ConfigError(problems)
    return _chain(parts)


def _unfit(parts: dict[str, Any], count: int) -> list[str]:
    problems = []
    geometry = [kind for kind in parts if kind in _GEOMETRY]
    if geometry != [kind for kind in _GEOMETRY if kind in parts]:
        problems.append(
            'the order must be Expand, MinIoURandomCrop, Resize, RandomFlip (any of them left out '
            'but Resize; PhotoMetricDistortion anywhere)'
        )
    resize = parts.get('resize')
    if resize is None and count == len(parts):
        problems.append(f'there is no Resize among the transforms; it takes {_NAMES}')
    if resize is not None:
        asked = {
            'scale': (resize.scale, 'width and height', resize.scale is not None),
            'keep_ratio': (resize.keep_ratio, 'False', not resize.keep_ratio),
            'interpolation': (
                resize.interpolation,
                "'bilinear'",
                resize.interpolation == 'bilinear',
            ),
            'backend': (resize.backend, "'cv2'", resize.backend == 'cv2'),
        }
        for key, (value, needed, fits) in asked.items():
            if not fits:
                problems.append(f'Resize has {key}={value!r}; here it must be {needed}')
    return problems


def _chain(parts: dict[str, Any]) -> Chain:
    colour, expand, crop, flip = (parts.get(k) for k in ('colour', 'expand', 'crop', 'flip'))
    jitter, fill = None, None
    if colour is not None:
        jitter = JitterRange(
            colour.brightness_delta,
            (colour.contrast_lower, colour.contrast_upper),
            (colour.saturation_lower, colour.saturation_upper),
            colour.hue_delta,
        )
    order = tuple(parts)
    if expand is not None:
        distorted = colour is not None and order.index('colour') < order.index('expand')
        # mmdet paints into an array of the image's type: uint8 until the colours are distorted.
        fill = np.array(expand.mean).astype(np.float32 if distorted else np.uint8)
        fill = fill.astype(np.float32)
    return Chain(
        order=order,
        size=tuple(parts['resize'].scale),
        clip=parts['resize'].clip_object_border,
        colour=jitter,
        expand=expand and (expand.min_ratio, expand.max_ratio, expand.prob),
        crop=crop and (tuple(crop.sample_mode), crop.min_crop_size, crop.bbox_clip_border),
        flip=flip and FlipChoice(flip.direction, flip.prob),
        fill=fill,
    )
