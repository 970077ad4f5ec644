import pytest
import torch

from mmholdout.models import tensor_digests as module
from mmholdout.models.tensor_digests import tensor_digests


def digest(tensor):
    return tensor_digests({'a': tensor})['a']


def test_every_change_shows(changed_bytes):
    before, after = changed_bytes
    assert digest(before) != digest(after)
    assert digest(before) == digest(before.clone())


def test_shape_and_dtype_count():
    assert digest(torch.zeros(2, 3)) != digest(torch.zeros(3, 2))
    assert digest(torch.zeros(4, dtype=torch.int32)) != digest(torch.zeros(4))
    assert digest(torch.zeros(0)) != digest(torch.zeros(0, 2))


@pytest.mark.parametrize(
    'view',
    [
        lambda images: images.to(memory_format=torch.channels_last),
        lambda images: images[:, :, ::2],
        lambda images: images.transpose(0, 3),
        lambda images: images.to(torch.bfloat16).to(memory_format=torch.channels_last),
    ],
    ids=['channels last', 'every second', 'transposed', 'bfloat16, channels last'],
)
def test_layouts_in_memory_are_read(view):
    tensor = view(torch.randn(2, 3, 4, 5))
    before = digest(tensor)
    for place in ((0, 0, 0, 0), (-1, -1, -1, -1)):
        tensor[place] += 1
        assert digest(tensor) != before
        before = digest(tensor)
    assert digest(tensor) == before


def test_what_is_elsewhere_is_summed_there(monkeypatch):
    there = torch.zeros(2, 3, device='meta')
    monkeypatch.setattr(module, 'device_sums', lambda tensors: dict.fromkeys(tensors, 7))
    assert tensor_digests({'here': torch.zeros(1), 'there': there})['there'][-1] == 7


def test_no_random_state_is_used():
    state = torch.get_rng_state()
    digest(torch.zeros(1 << 17))
    assert torch.equal(torch.get_rng_state(), state)
