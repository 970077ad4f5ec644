"""Bits that are set, for NumPy before 2.0 too."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def bit_count(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Number of set bits of each value, uint8 of the same shape."""
    if hasattr(np, 'bitwise_count'):
        counts: npt.NDArray[np.uint8] = np.bitwise_count(values)
        return counts
    return _folded(values)


def _folded(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Sums of neighbouring bits, pairs, nibbles, then bytes (Warren, Hacker's Delight, 5-1)."""
    one, two, four, top = (np.uint64(n) for n in (1, 2, 4, 56))
    values = values - ((values >> one) & np.uint64(0x5555555555555555))
    pairs = np.uint64(0x3333333333333333)
    values = (values & pairs) + ((values >> two) & pairs)
    values = (values + (values >> four)) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return ((values * np.uint64(0x0101010101010101)) >> top).astype(np.uint8)
