import pytest
import torch

from mmholdout.models import tensor_digests as module
from mmholdout.models.tensor_digests import tensor_digests

DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.uint8)


def digest(tensor):
    return tensor_digests({'a': tensor})['a']


@pytest.mark.parametrize('dtype', [*DTYPES, torch.bool], ids=str)
@pytest.mark.parametrize('size', [1, 2, 3, 5, 1000])
def test_every_single_change_shows(dtype, size):
    tensor = torch.zeros(size, dtype=dtype)
    before = digest(tensor)
    for place in {0, size // 2, size - 1}:
        changed = tensor.clone()
        changed[place] = 1
        assert digest(changed) != before
    assert digest(tensor) == before


def test_changes_that_a_plain_sum_or_xor_would_miss_show():
    tensor = torch.arange(6.0)
    before = digest(tensor)
    assert digest(tensor.flip(0)) != before
    assert digest(torch.zeros(4)) != digest(torch.ones(4))
    assert digest(torch.tensor([1.0, -1.0])) != digest(torch.tensor([-1.0, 1.0]))


def test_shape_and_dtype_count():
    assert digest(torch.zeros(2, 3)) != digest(torch.zeros(3, 2))
    assert digest(torch.zeros(4, dtype=torch.int32)) != digest(torch.zeros(4))


def test_layout_in_memory_and_views_are_read():
    image = torch.randn(2, 3, 4, 5)
    last = image.to(memory_format=torch.channels_last)
    before = digest(last)
    last[1, 2, 3, 4] += 1
    assert digest(last) != before
    base = torch.arange(9, dtype=torch.uint8)
    across = torch.randn(4, 6)[:, ::2]
    before_across = digest(across)
    across[3, 2] += 1
    assert digest(across) != before_across
    odd = base[1:8]
    before = digest(odd)
    base[7] = 0
    assert digest(odd) != before
    assert digest(torch.tensor(3.0)) != digest(torch.tensor(4.0))
    assert digest(torch.zeros(0)) == digest(torch.zeros(0))


def test_what_is_elsewhere_is_summed_there(monkeypatch):
    there = torch.zeros(2, 3, device='meta')
    monkeypatch.setattr(module, 'device_sums', lambda tensors: dict.fromkeys(tensors, 7))
    assert tensor_digests({'here': torch.zeros(1), 'there': there})['there'][-1] == 7


def test_no_random_state_is_used():
    state = torch.get_rng_state()
    digest(torch.zeros(1 << 17))
    assert torch.equal(torch.get_rng_state(), state)
