"""JPEG files decoded at a half, a quarter or an eighth of their size, where that is enough."""

from __future__ import annotations

import cv2
import numpy as np

from mmholdout.errors import DataError

_FLAGS = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
_JPEG = b'\xff\xd8\xff'


def reduction(window: tuple[int, int, int, int], size: tuple[int, int]) -> int:
    """The most that the source may shrink and still give a pixel for each one of the output.

    Args:
        window: x1, y1, x2, y2 in px of the source.
        size: width and height of the output.
    """
    step = min((window[2] - window[0]) / size[0], (window[3] - window[1]) / size[1])
    return max(factor for factor in _FLAGS if factor <= max(step, 1))


def read_reduced(path: str, factor: int, source: tuple[int, int]) -> tuple[np.ndarray, int]:
    """Decode a file, a JPEG at 1 / `factor` of its size; other formats know no such thing.

    Args:
        path: of the file.
        factor: 1, 2, 4 or 8.
        source: its width and height, upright, which its pixels must fit.

    Returns:
        (height, width, 3), uint8, BGR, its sides rounded up; and the factor, 1 for other formats.

    Raises:
        DataError: not readable, or of another size.
    """
    try:
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise DataError(f'{path}: cannot be read: {error.strerror}') from error
    if content[:3].tobytes() != _JPEG:
        factor = 1
    image = cv2.imdecode(content, _FLAGS[factor]) if content.size else None
    if image is None:
        raise DataError(f'{path}: no readable image: OpenCV cannot decode it')
    height, width = image.shape[:2]
    if (width, height) != tuple(-(-side // factor) for side in source):
        raise DataError(
            f'{path}: has {width}x{height} px where {source[0]}x{source[1]} divided by {factor} '
            'was expected: the data set gives another size of it'
        )
    return image, factor
