"""RTMDet's mosaic, whose other images are drawn from the data set and not from a cache."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmdet.datasets.transforms import CachedMosaic as StockMosaic

from mmholdout.datasets.other_samples import OtherSamples
from mmholdout.registry import TRANSFORMS

OTHERS = 3


class _Composer(StockMosaic):
    """mmdet's own composition of four images, on others that are given."""

    def compose(self, results: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, Any]:
        self.results_cache = [*others, None]  # mmdet begins when it holds five
        try:
            return super().transform(results)
        finally:
            self.results_cache = []

    def get_indexes(self, _: list[Any]) -> list[int]:
        return list(range(OTHERS))


@TRANSFORMS.register_module()
class CachedMosaic(StockMosaic):
    """mmdet's transform of that name, as a function of (seed, epoch, index).

    mmdet takes the other three images from a cache of those that this worker has read before, so
    that a sample depends on the number of workers and on all that came before it, and a resumed
    run goes on with an empty cache. Here they are drawn from the whole data set and read anew.
    The composition is mmdet's. A sample costs three more images read; mmdet's first four of each
    worker are left alone, here every one is composed.

    Args:
        img_scale: width and height of one quarter, in px.
        center_ratio_range: where the four images meet, in units of `img_scale`.
        bbox_clip_border: cut boxes at the border.
        pad_val: of pixels that no image covers.
        prob: share of the samples that are composed.
        max_cached_images: has no effect, as there is no cache; it is read so that stock configs
            go on working, and must be at least 4, as in mmdet.
        random_pop: has no effect.
    """

    def __init__(
        self, *args: Any, max_cached_images: int = 40, random_pop: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(
            *args, max_cached_images=max_cached_images, random_pop=random_pop, **kwargs
        )
        self.others = OtherSamples()
        self._composer = _Composer(
            img_scale=self.img_scale,
            center_ratio_range=self.center_ratio_range,
            bbox_clip_border=self.bbox_clip_border,
            pad_val=self.pad_val,
        )

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Compose `img`, `gt_bboxes` (xyxy), labels, ignore flags and masks of four samples."""
        if np.random.uniform(0, 1) > self.prob:
            return results
        return self._composer.compose(results, [self.others.draw() for _ in range(OTHERS)])
