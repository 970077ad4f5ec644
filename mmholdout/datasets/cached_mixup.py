"""RTMDet's mix-up, whose other image is drawn from the data set and not from a cache."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmdet.datasets.transforms import CachedMixUp as StockMixUp

from mmholdout.datasets.other_samples import OtherSamples
from mmholdout.registry import TRANSFORMS


class _Composer(StockMixUp):
    """mmdet's own composition of two images, on another that is given."""

    def compose(self, results: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
        self.results_cache = [other]
        try:
            return super().transform(results)
        finally:
            self.results_cache = []

    def get_indexes(self, _: list[Any]) -> int:
        return 0


@TRANSFORMS.register_module()
class CachedMixUp(StockMixUp):
    """mmdet's transform of that name, as a function of (seed, epoch, index).

    See CachedMosaic for why. The other image goes through everything that precedes this
    transform, a mosaic included, which in a cache has been done already: with CachedMosaic in
    front, a sample that is mixed costs five more images read.

    Args:
        img_scale: width and height of the other image, in px.
        ratio_range: of its random scale.
        flip_ratio: its share that is flipped.
        pad_val: of pixels that no image covers.
        max_iters: how many others are tried for one with objects.
        bbox_clip_border: cut boxes at the border.
        max_cached_images: has no effect, as there is no cache; it must be at least 2, as in mmdet.
        random_pop: has no effect.
        prob: share of the samples that are mixed.
    """

    def __init__(self, *args: Any, prob: float = 1.0, **kwargs: Any) -> None:
        super().__init__(*args, prob=prob, **kwargs)
        self.others = OtherSamples()
        self._composer = _Composer(
            img_scale=self.dynamic_scale,
            ratio_range=self.ratio_range,
            flip_ratio=self.flip_ratio,
            pad_val=self.pad_val,
            bbox_clip_border=self.bbox_clip_border,
        )

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Mix `img`, `gt_bboxes` (xyxy), labels, ignore flags and masks of two samples."""
        if np.random.uniform(0, 1) > self.prob:
            return results
        for _ in range(self.max_iters):
            other = self.others.draw()
            if len(other['gt_bboxes']):
                break
        return self._composer.compose(results, other)
