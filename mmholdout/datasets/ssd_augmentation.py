"""SSD's augmentation as one transform: decided on boxes and numbers, sampled once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmcv.transforms import BaseTransform
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets.colour_jitter import Jitter
from mmholdout.datasets.reduced_jpeg import read_reduced, reduction
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

    From the same draws of NumPy's generator the boxes and labels are those of mmdet's chain, and
    the pixels are nearly those. mmdet changes the colours, makes the larger frame, cuts and scales
    it, each for a whole image; here only what is seen is coloured and sampled. Where the source
    has more than four pixels for each one of the output, colours change after sampling: what is
    not linear in them, hue and saturation, then differs along sharp edges.

    Args:
        transforms: configs of Expand, MinIoURandomCrop, Resize and RandomFlip in this order, any
            but Resize left out, and PhotoMetricDistortion anywhere among them.
        decode_scale: read the file here, a JPEG at 1/2, 1/4 or 1/8 of its size where the output
            shows it no larger; LoadImageFromFile is then left out. It is another reading of the
            same picture: each pixel is a mean of what it covers, mmdet's takes four of them.

    Raises:
        ConfigError: transforms that cannot be taken together.
    """

    def __init__(self, transforms: Sequence[Any], decode_scale: bool = False) -> None:
        self.transforms, self.decode_scale = transforms, decode_scale
        self._chain = read_chain(transforms)

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Change `img` (uint8, BGR), `gt_bboxes` (xyxy) and what belongs to each box.

        Adds the keys of mmdet's Resize and RandomFlip. `img` becomes float32 where the colours
        are changed. With `decode_scale` it is made from `img_path`, `height` and `width`.

        Raises:
            ConfigError: no image or boxes, masks, or an image of another type.
            DataError: with `decode_scale`, a file that cannot be read or has another size.
        """
        _check(results, self.decode_scale)
        bboxes = results['gt_bboxes']
        numbers = bboxes if isinstance(bboxes, np.ndarray) else bboxes.tensor.numpy()
        if self.decode_scale:
            height, width = results['ori_shape'] = results['height'], results['width']
        else:
            height, width = results['img'].shape[:2]
        jitter, geometry = _decide(self._chain, numbers, (width, height))
        image, reduced = self._source(results, geometry)
        results['img'] = render(image, jitter, geometry, self._chain, reduced)
        _write(results, geometry, bool(self._chain.flip))
        return results

    def _source(self, results: dict[str, Any], geometry: Geometry) -> tuple[np.ndarray, int]:
        if not self.decode_scale:
            return results['img'], 1
        factor = reduction(geometry.window, geometry.size)
        return read_reduced(results['img_path'], factor, geometry.source)

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(transforms={self.transforms}, decode_scale={self.decode_scale})'
        )


def _check(results: dict[str, Any], decode_scale: bool) -> None:
    needed = {'gt_bboxes': 'put LoadAnnotations in front of it'}
    if decode_scale:
        needed |= dict.fromkeys(('img_path', 'height', 'width'), 'the data set must give it')
    else:
        needed['img'] = 'put LoadImageFromFile in front of it'
    problems = [
        f'SSDAugmentation needs {key!r}: {advice}'
        for key, advice in needed.items()
        if key not in results
    ]
    problems += [
        f'SSDAugmentation does not move {key!r}: use the transforms one by one'
        for key in _REFUSED
        if results.get(key) is not None
    ]
    image, bboxes = results.get('img'), results.get('gt_bboxes')
    if image is not None and decode_scale:
        problems.append(
            'SSDAugmentation with decode_scale reads the file itself: leave out what reads it '
            'before, LoadImageFromFile or CachedImages'
        )
    elif image is not None and (image.dtype != np.uint8 or image.shape[2:] != (3,)):
        problems.append(
            'SSDAugmentation needs images of three channels in uint8, got '
            f'{image.dtype} of shape {image.shape}'
        )
    if bboxes is not None and not isinstance(bboxes, np.ndarray | HorizontalBoxes):
        problems.append(f'SSDAugmentation moves upright boxes only, not {type(bboxes).__name__}')
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
