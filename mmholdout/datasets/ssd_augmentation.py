"""SSD's augmentation as one transform: decided on boxes and numbers, sampled once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmcv.transforms import BaseTransform
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets.colour_jitter import Jitter
from mmholdout.datasets.ssd_chain import Chain, read_chain
from mmholdout.datasets.ssd_geometry import HORIZONTAL, VERTICAL, Geometry
from mmholdout.datasets.ssd_output import render
from mmholdout.errors import ConfigError
from mmholdout.registry import TRANSFORMS

_PER_BOX = ('gt_bboxes_labels', 'gt_ignore_flags')
_REFUSED = ('gt_masks', 'gt_seg_map', 'gt_keypoints', 'proposals')


@TRANSFORMS.register_module()
class SSDAugmentation(BaseTransform):
    """mmdet's transforms of SSD, taken together.

    From the same draws of NumPy's generator the boxes and labels are those of mmdet's chain. The
    pixels differ by interpolation: mmdet changes the colours, makes the larger frame, cuts and
    scales it, each for a whole image; here only what is seen is sampled, and coloured afterwards.

    Args:
        transforms: configs of Expand, MinIoURandomCrop, Resize and RandomFlip in this order, any
            but Resize left out, and PhotoMetricDistortion anywhere among them.

    Raises:
        ConfigError: transforms that cannot be taken together.
    """

    def __init__(self, transforms: Sequence[Any]) -> None:
        self.transforms = transforms
        self._chain = read_chain(transforms)

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Change `img` (uint8, BGR), `gt_bboxes` (xyxy) and what belongs to each box.

        Adds the keys of mmdet's Resize and RandomFlip. `img` becomes float32 where the colours
        are changed.

        Raises:
            ConfigError: no image or boxes, masks, or an image of another type.
        """
        _check(results)
        image, bboxes = results['img'], results['gt_bboxes']
        numbers = bboxes if isinstance(bboxes, np.ndarray) else bboxes.tensor.numpy()
        height, width = image.shape[:2]
        jitter, geometry = _decide(self._chain, numbers, (width, height))
        results['img'] = render(image, jitter, geometry, self._chain)
        _write(results, geometry, bool(self._chain.flip))
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(transforms={self.transforms})'


def _check(results: dict[str, Any]) -> None:
    problems = [
        f'SSDAugmentation needs {key!r}: put {loader} in front of it'
        for key, loader in (('img', 'LoadImageFromFile'), ('gt_bboxes', 'LoadAnnotations'))
        if key not in results
    ]
    problems += [
        f'SSDAugmentation does not move {key!r}: use the transforms one by one'
        for key in _REFUSED
        if results.get(key) is not None
    ]
    if not problems:
        image, bboxes = results['img'], results['gt_bboxes']
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            problems.append(
                'SSDAugmentation needs images of three channels in uint8, got '
                f'{image.dtype} of shape {image.shape}'
            )
        if not isinstance(bboxes, np.ndarray | HorizontalBoxes):
            problems.append(
                f'SSDAugmentation moves upright boxes only, not {type(bboxes).__name__}'
            )
    if problems:
        raise ConfigError(problems)


def _decide(chain: Chain, bboxes: np.ndarray, size: tuple[int, int]) -> tuple[Jitter, Geometry]:
    """Draw in the order of the chain."""
    jitter, geometry = Jitter(), Geometry(bboxes, size)
    for part in chain.order:
        if part == 'colour' and chain.colour:
            jitter = chain.colour.draw()
        elif part == 'expand' and chain.expand:
            geometry.expand(*chain.expand)
        elif part == 'crop' and chain.crop:
            geometry.crop(*chain.crop)
        elif part == 'resize':
            geometry.resize(chain.size, chain.clip)
        elif part == 'flip' and chain.flip:
            geometry.turn(chain.flip)
    return jitter, geometry


def _write(results: dict[str, Any], geometry: Geometry, flipping: bool) -> None:
    if isinstance(results['gt_bboxes'], np.ndarray):
        results['gt_bboxes'] = geometry.bboxes
    else:
        results['gt_bboxes'] = HorizontalBoxes(torch.from_numpy(geometry.bboxes), clone=False)
    if geometry.kept is not None:
        for key in _PER_BOX:
            if key in results:
                results[key] = results[key][geometry.kept]
    width, height = geometry.size
    results['img_shape'] = (height, width)
    results['scale'] = geometry.size
    results['scale_factor'] = geometry.scale_factor
    results['keep_ratio'] = False
    matrix = np.diag([*geometry.scale_factor, 1.0]).astype(np.float32)
    if flipping:
        results['flip'], results['flip_direction'] = geometry.flip is not None, geometry.flip
        if geometry.flip in HORIZONTAL:
            matrix = np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]], np.float32) @ matrix
        if geometry.flip in VERTICAL:
            matrix = np.array([[1, 0, 0], [0, -1, height], [0, 0, 1]], np.float32) @ matrix
    before = results.get('homography_matrix')
    results['homography_matrix'] = matrix if before is None else matrix @ before
