"""64-bit hashes that survive re-encoding, resizing, brightness, mirroring and small crops.

A hash is the signs of the 63 lowest frequencies of a small grey picture (DCT, 8 x 8 without the
mean). Mirroring left to right only turns the signs of the odd horizontal frequencies, so the hash
of the mirrored picture is one XOR away and is never computed. A cropped copy is found because
the original is hashed through 23 windows, one of which is near to what was kept.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Window = tuple[slice, slice]

NO_HASH = np.uint64(0)  # of a window without structure: its signs would be noise
MIRROR = np.packbits(np.tile([0, 1], 32)).view('>u8')[0].astype(np.uint64)

_BASE = (60, 80)  # rows and columns of the picture that windows are cut from
_LOW = 8  # frequencies kept on each axis
_FLAT = 2.0  # grey levels: deviation in these frequencies below which a window counts as plain
_SCALES = ((1.0, 1), (0.95, 2), (0.9, 3), (0.8, 3))  # side kept, positions on each axis


def _windows() -> tuple[Window, ...]:
    found = []
    for scale, positions in _SCALES:
        rows, columns = (round(side * scale) for side in _BASE)
        for y in np.linspace(0, _BASE[0] - rows, positions).round().astype(int).tolist():
            for x in np.linspace(0, _BASE[1] - columns, positions).round().astype(int).tolist():
                found.append((slice(y, y + rows), slice(x, x + columns)))
    return tuple(found)


def _waves(size: int) -> npt.NDArray[np.float32]:
    """The first 8 rows of the orthonormal DCT-II of `size` points, float32 (8, size)."""
    angles = np.pi / size * np.outer(np.arange(_LOW), np.arange(size) + 0.5)
    waves = np.cos(angles) * np.sqrt(2 / size)
    waves[0] /= np.sqrt(2)
    rows: npt.NDArray[np.float32] = waves.astype(np.float32)
    return rows


def _transforms(
    window: Window,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], float]:
    """What turns a window into its frequencies, and the norm of those of a plain one."""
    height, width = (side.stop - side.start for side in window)
    return _waves(height), _waves(width).T, float(_FLAT * np.sqrt(height * width))


WINDOWS = _windows()  # the first is the whole picture
_TRANSFORMS = tuple(map(_transforms, WINDOWS))


def window_hashes(grey: Grey) -> Hashes:
    """The hash of the whole picture, then those of its windows; NO_HASH where it is plain.

    Args:
        grey: (H, W) of any size and proportion; stretched copies hash alike.

    Returns:
        uint64 (23,).
    """
    base = cv2.resize(grey, _BASE[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = np.empty((len(WINDOWS), _LOW, _LOW), np.float32)
    for number, (window, (left, right, _)) in enumerate(zip(WINDOWS, _TRANSFORMS, strict=True)):
        waves[number] = left @ base[window] @ right
    waves[:, 0, 0] = 0  # the mean, that is brightness
    flat = np.linalg.norm(waves, axis=(1, 2)) < [plain for _, _, plain in _TRANSFORMS]
    signs = np.packbits((waves > 0).reshape(len(WINDOWS), -1), axis=1)
    hashes: Hashes = signs.view('>u8')[:, 0].astype(np.uint64)
    hashes[flat] = NO_HASH
    return hashes


def window_map(number: int, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """The 2 x 3 map that lays a picture of `shape` (rows, columns) on its window."""
    rows, columns = WINDOWS[number]
    y, x = rows.start / _BASE[0] * shape[0], columns.start / _BASE[1] * shape[1]
    height = (rows.stop - rows.start) / _BASE[0]
    width = (columns.stop - columns.start) / _BASE[1]
    return np.array([[width, 0, x], [0, height, y]], np.float64)
