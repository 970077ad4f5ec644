"""The arithmetic is the same on every device: here it runs on the CPU's."""

import pytest
import torch

from mmholdout.models import device_sums as module
from mmholdout.models.device_sums import device_sums

DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.uint8)


def total(tensor):
    return device_sums({'a': tensor})['a']


@pytest.mark.parametrize('dtype', [*DTYPES, torch.bool], ids=str)
@pytest.mark.parametrize('size', [1, 2, 3, 5, 1000])
def test_every_single_change_shows(dtype, size):
    tensor = torch.zeros(size, dtype=dtype)
    before = total(tensor)
    for place in {0, size // 2, size - 1}:
        changed = tensor.clone()
        changed[place] = 1
        assert total(changed) != before
    assert total(tensor) == before


def test_changes_that_a_plain_sum_or_xor_would_miss_show():
    tensor = torch.arange(6.0)
    assert total(tensor.flip(0)) != total(tensor)
    assert total(torch.zeros(4)) != total(torch.ones(4))
    assert total(torch.tensor([1.0, -1.0])) != total(torch.tensor([-1.0, 1.0]))


def test_a_view_is_read_where_it_begins():
    base = torch.arange(9, dtype=torch.uint8)
    before = total(base[1:8])
    base[7] = 0
    assert total(base[1:8]) != before
    assert total(torch.zeros(0)) == total(torch.zeros(0))


def test_a_large_tensor_is_taken_in_chunks(monkeypatch):
    monkeypatch.setattr(module, 'CHUNK', 7)
    tensors = {str(i): torch.full((i,), float(i)) for i in range(20)}
    before = device_sums(tensors)
    for name, tensor in tensors.items():
        if len(tensor):
            tensor[-1] += 1
            after = device_sums(tensors)
            assert [n for n in before if before[n] != after[n]] == [name]
            tensor[-1] -= 1
