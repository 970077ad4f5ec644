"""Images as training decodes them, and the small grey picture that copies are looked for in."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from mmholdout.errors import DataError

Image = npt.NDArray[np.uint8]

LONGEST = 320  # pixels: longest side of the grey picture


def decode(data: bytes, name: Path | str) -> Image:
    """Decode as `LoadImageFromFile` does: OpenCV, three channels BGR, EXIF orientation applied.

    Returns:
        uint8 (H, W, 3).

    Raises:
        DataError: not an image, empty or too large to decode; names `name`.
    """
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error as error:
        raise DataError(f'{name}: no readable image: {error.err}') from error
    if image is None:
        raise DataError(f'{name}: no readable image')
    decoded: Image = image
    return decoded


def working_grey(image: Image) -> Image:
    """Grey, uint8, the longest side brought to 320 pixels, so that resizing leaves no trace."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = LONGEST / max(grey.shape)
    size = tuple(max(1, round(side * scale)) for side in grey.shape[::-1])
    resized: Image = cv2.resize(
        grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    return resized


def read_working_grey(path: Path | str) -> Image:
    """`working_grey` of a file.

    Raises:
        DataError: no readable image.
        OSError: the file cannot be read.
    """
    return working_grey(decode(Path(path).read_bytes(), path))
