"""Images that are decoded once."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmcv.transforms import LoadImageFromFile

from mmholdout.datasets.pixel_store import PixelStore
from mmholdout.errors import ConfigError
from mmholdout.registry import TRANSFORMS


@TRANSFORMS.register_module()
class CachedImages(LoadImageFromFile):
    """LoadImageFromFile that keeps the decoded pixels, for all workers together.

    The pixels are those of the first reading, whichever worker did it, so a sample remains a
    function of (seed, epoch, index): kept or read anew, it is the same as long as the files are.
    They cannot be written to: a transform that changes an image in place fails.

    Args:
        max_bytes: of pixels; what comes when they are used up is read each time. 900 KiB hold an
            image of 640 x 480 px.
        folder: keeps them in a file there, of which the system holds as much in memory as it has
            room for; None keeps them in memory.
        kwargs: of LoadImageFromFile; images are kept as uint8 of three channels.

    Raises:
        ConfigError: `max_bytes` is no positive integer, an option makes other images, or the
            folder cannot be written to.
    """

    def __init__(self, max_bytes: int, folder: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        problems = []
        if not isinstance(max_bytes, int) or isinstance(max_bytes, bool) or max_bytes < 1:
            problems.append(f'CachedImages: max_bytes must be an integer >= 1, got {max_bytes!r}')
        if self.to_float32 or self.color_type not in ('color', 'color_ignore_orientation'):
            problems.append(
                'CachedImages keeps colour images in uint8; got '
                f'to_float32={self.to_float32}, color_type={self.color_type!r}'
            )
        if problems:
            raise ConfigError(problems)
        self.max_bytes, self.folder = max_bytes, folder
        self._store = PixelStore(max_bytes, folder)

    def transform(self, results: dict[str, Any]) -> dict[str, Any] | None:
        """Add `img`, (height, width, 3), uint8, BGR, and the keys of LoadImageFromFile."""
        image: np.ndarray | None = self._store.get(results['img_path'])
        if image is None:
            read: dict[str, Any] | None = super().transform(results)
            if read is not None:
                read['img'] = self._store.put(read['img_path'], read['img'])
            return read
        results['img'] = image
        results['img_shape'] = results['ori_shape'] = image.shape[:2]
        return results
