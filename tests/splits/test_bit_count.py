"""Both ways count as Python does."""

import numpy as np
import pytest

from mmholdout.splits.bit_count import bit_count


@pytest.mark.parametrize('old', [False, True])
def test_counts(monkeypatch, old):
    if old:
        monkeypatch.delattr(np, 'bitwise_count', raising=False)
    numbers = [0, 1, 2, 255, 1 << 63, (1 << 64) - 1, 0x5555555555555555, 0xF0F0F0F0F0F0F0F0]
    numbers += np.random.default_rng(0).integers(0, 1 << 63, 200, dtype=np.uint64).tolist()
    values = np.array(numbers, np.uint64).reshape(2, -1)
    counts = bit_count(values)
    assert (counts.shape, counts.dtype) == (values.shape, np.uint8)
    assert counts.ravel().tolist() == [number.bit_count() for number in numbers]
