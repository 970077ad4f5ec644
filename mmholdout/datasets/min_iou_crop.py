"""The SSD paper's random crop, all attempts at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmdet.datasets.transforms import MinIoURandomCrop as StockCrop

from mmholdout.registry import TRANSFORMS

ATTEMPTS = 50


@TRANSFORMS.register_module()
class MinIoURandomCrop(StockCrop):
    """mmdet's transform of that name in distribution, an order of magnitude faster.

    A mode is drawn: the whole image, or a patch of which every box has at least the drawn IoU
    (0: any patch). Of 50 patches drawn the first is taken that has an aspect ratio in [0.5, 2]
    and the centre of at least one box; where there is none, another mode is drawn. mmdet tries
    the patches one by one, each with tensors of its own; here they are columns of one array.

    Args, from mmdet: `min_ious`, `min_crop_size` (a fraction of each side), `bbox_clip_border`.
    """

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Crop `img`, `gt_bboxes` (xyxy), labels and ignore flags; masks go mmdet's way."""
        if results.get('gt_masks') is not None or results.get('gt_seg_map') is not None:
            return super().transform(results)
        height, width = results['img'].shape[:2]
        bboxes = results['gt_bboxes'].numpy() if 'gt_bboxes' in results else np.zeros((0, 4))
        while True:
            mode = np.random.choice(self.sample_mode)
            if mode == 1:
                return results
            patches = draw_patches(ATTEMPTS, width, height, self.min_crop_size)
            valid, inside = judge_patches(patches, bboxes, mode)
            if valid.any():
                first = int(np.argmax(valid))
                return self._crop(results, patches[first], inside[first])

    def _crop(self, results: dict[str, Any], patch: Any, inside: Any) -> dict[str, Any]:
        x1, y1, x2, y2 = (int(v) for v in patch)
        results['img'] = results['img'][y1:y2, x1:x2]
        results['img_shape'] = results['img'].shape[:2]
        if len(inside):
            bboxes = results['gt_bboxes'][inside]
            bboxes.translate_([-x1, -y1])
            if self.bbox_clip_border:
                bboxes.clip_([y2 - y1, x2 - x1])
            results['gt_bboxes'] = bboxes
            for key in ('gt_bboxes_labels', 'gt_ignore_flags'):
                if key in results:
                    results[key] = results[key][inside]
        return results


def draw_patches(count: int, width: int, height: int, min_crop_size: float) -> np.ndarray:
    """Patches (count, 4), xyxy whole pixels inside the image; sides from min_crop_size up."""
    draws = np.random.uniform(size=(4, count))
    w = width * (min_crop_size + (1 - min_crop_size) * draws[0])
    h = height * (min_crop_size + (1 - min_crop_size) * draws[1])
    left, top = (width - w) * draws[2], (height - h) * draws[3]
    patches = np.stack([left, top, left + w, top + h], axis=1).astype(np.int64)
    ratio = h / w
    patches[(ratio < 0.5) | (ratio > 2)] = 0  # no area: never valid
    return patches


def judge_patches(
    patches: np.ndarray, bboxes: np.ndarray, min_iou: float
) -> tuple[np.ndarray, np.ndarray]:
    """Which patches will do (P,), and which boxes (M, 4) have their centre in each (P, M)."""
    size = (patches[:, 2:] - patches[:, :2]).prod(axis=1)
    valid = size > 0
    if not len(bboxes):
        return valid, np.zeros((len(patches), 0), bool)
    low = np.maximum(patches[:, None, :2], bboxes[None, :, :2])
    high = np.minimum(patches[:, None, 2:], bboxes[None, :, 2:])
    overlap = (high - low).clip(min=0).prod(axis=2)
    areas = (bboxes[:, 2:] - bboxes[:, :2]).prod(axis=1)
    union = size[:, None] + areas[None] - overlap
    iou = overlap / np.maximum(union, 1e-6)
    centres = (bboxes[:, :2] + bboxes[:, 2:]) / 2
    inside = ((centres[None] > patches[:, None, :2]) & (centres[None] < patches[:, None, 2:])).all(
        axis=2
    )
    return valid & (iou.min(axis=1) >= min_iou) & inside.any(axis=1), inside
