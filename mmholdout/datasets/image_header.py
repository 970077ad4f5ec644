"""Size of an image from its header, without decoding pixels."""

from __future__ import annotations

import os
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from mmholdout.errors import DataError

ORIENTATION = 0x0112  # EXIF tag
QUARTER_TURNS = (5, 6, 7, 8)  # orientations that exchange width and height


@dataclass(frozen=True)
class ImageHeader:
    """Width and height in pixels as the image is decoded; `turned`: EXIF exchanged the two."""

    width: int
    height: int
    turned: bool = False


def read_header(path: str | Path) -> ImageHeader:
    """Read the size that `LoadImageFromFile` will find.

    OpenCV, its decoder, applies the EXIF orientation of JPEG, PNG and WebP and ignores a value
    outside 1..8; so does this. Boxes are therefore in the frame of the upright picture, the one
    that viewers and labelling tools show.

    A file that does not end as its format does is decoded to see whether it is cut short, since
    OpenCV would fail on it in mid-epoch.

    Raises:
        DataError: not readable as an image, or cut short.
    """
    try:
        with warnings.catch_warnings(), Path(path).open('rb') as file:
            warnings.simplefilter('ignore')  # about odd EXIF and large images
            with Image.open(file) as image:
                width, height = image.size
                turned = _orientation(image.info.get('exif')) in QUARTER_TURNS
                if not _ends_well(file, image.format):
                    image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f'{path}: no readable image: {_reason(error)}') from error
    return ImageHeader(height, width, True) if turned else ImageHeader(width, height)


def _orientation(exif: bytes | None) -> object:
    if not exif:
        return None
    found = Image.Exif()
    try:
        found.load(exif)
        return found.get(ORIENTATION)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, struct.error):
        return None  # damaged EXIF turns nothing, in OpenCV neither


def _ends_well(file: BinaryIO, kind: str | None) -> bool:
    """Whether the end of the file is where its format says; True for formats not known here."""
    position = file.tell()
    size = file.seek(0, os.SEEK_END)
    try:
        file.seek(max(0, size - 64))
        tail = file.read()
        if kind in ('JPEG', 'MPO'):
            return tail.rstrip(b'\0\r\n').endswith(b'\xff\xd9')
        if kind == 'PNG':
            return tail[-12:-4] == b'\0\0\0\0IEND'
        return kind != 'BMP'  # its size field is optional, and it is quick to decode
    finally:
        file.seek(position)


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return 'of no known format'
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
