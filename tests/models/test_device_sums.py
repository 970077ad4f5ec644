"""The arithmetic is the same on every device: here it runs on the CPU's."""

import torch

from mmholdout.models import device_sums as module
from mmholdout.models.device_sums import device_sums


def total(tensor):
    return device_sums({'a': tensor})['a']


def test_every_change_shows(changed_bytes):
    before, after = changed_bytes
    assert total(before) != total(after)
    assert total(before) == total(before.clone())


def test_nothing_has_a_sum_too():
    assert device_sums({'a': torch.zeros(0), 'b': torch.zeros(0, 3)}) == {'a': 0, 'b': 0}
    assert device_sums({}) == {}


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
