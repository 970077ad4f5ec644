import io
import random
from collections import OrderedDict, defaultdict, deque

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from mmengine.config import ConfigDict

from mmholdout.models.plain_form import NoPlainFormError, from_plain, same_form, to_plain

CPU = torch.device('cpu')
VALUES = [
    None,
    True,
    7,
    -0.0,
    float('nan'),
    'word',
    1 + 2j,
    b'\x00\xff',
    bytearray(b'ab'),
    torch.float16,
    torch.device('cpu'),
    torch.Size([2, 3]),
    np.float64(0.1),
    np.int32(-3),
    np.arange(6, dtype=np.int16).reshape(2, 3),
    np.zeros((0, 4), np.float32),
    [1, [2.5, 'a'], (None,)],
    deque([1, 2], maxlen=3),
    {1, 2, 3},
    pytest.param(frozenset({'a', 'b'}), id='frozenset'),
    OrderedDict(b=1, a=2),
    {'a': {(1, 2): [0.5]}},
    ConfigDict(iou=0.5, inner=dict(top=3)),
]


def saved(form):
    """Through a file, as a checkpoint goes: only what may be read without running code."""
    file = io.BytesIO()
    torch.save(form, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other) and one.shape == other.shape
    if isinstance(one, list | tuple | deque):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and one != one:
        return other != other
    return one == other and repr(one) == repr(other)


@pytest.mark.parametrize('value', VALUES, ids=repr)
def test_it_comes_back_with_its_type_through_a_file(value):
    back = from_plain(saved(to_plain(value)), CPU)
    assert type(back) is type(value)
    assert same(back, value)


@given(st.recursive(st.integers() | st.floats() | st.text(), st.lists, max_leaves=8))
def test_equal_forms_are_those_of_equal_values(value):
    assert same_form(to_plain(value), to_plain(value))
    assert not same_form(to_plain([value]), to_plain([value, 0]))


@pytest.mark.parametrize(
    ('one', 'other'),
    [
        (0.0, -0.0),
        (1, True),
        (1, 1.0),
        ([1], (1,)),
        ({'a': 1, 'b': 2}, {'b': 2, 'a': 1}),
        (np.float32(1), np.float64(1)),
        (torch.zeros(1), torch.zeros(1, 1)),
        (torch.tensor([0.0]), torch.tensor([-0.0])),
        (deque([1], maxlen=2), deque([1], maxlen=3)),
    ],
)
def test_what_differs_in_value_or_kind_has_another_form(one, other):
    assert not same_form(to_plain(one), to_plain(other))


def test_nan_equals_itself_in_tensors_too():
    assert same_form(to_plain(torch.tensor([float('nan')])), to_plain(torch.tensor([float('nan')])))


def test_a_form_shares_no_memory():
    tensor, array = torch.zeros(2), np.zeros(2)
    forms = to_plain([tensor, array])
    tensor += 1
    array += 1
    assert same_form(forms, to_plain([torch.zeros(2), np.zeros(2)]))


def test_a_tensor_loses_its_graph_and_keeps_its_values():
    weight = torch.ones(2, requires_grad=True)
    back = from_plain(to_plain(weight * 3), CPU)
    assert back.tolist() == [3, 3] and not back.requires_grad


class Own:
    pass


@pytest.mark.parametrize(
    'value', [Own(), [Own()], lambda: 0, np.array([Own()]), {'a': Own}], ids=lambda v: str(type(v))
)
def test_what_is_more_than_data_has_no_form(value):
    with pytest.raises(NoPlainFormError):
        to_plain(value)


@pytest.mark.parametrize('value', [[1, 2], {'a': 1}, {1, 2}, deque([1], maxlen=4)], ids=repr)
def test_a_container_is_filled_anew_in_its_place(value):
    form = to_plain(value)
    present = type(value)()
    assert from_plain(form, CPU, present) is present
    assert list(present) == list(value)


def test_tensors_arrays_and_default_dicts_are_filled_in_their_place():
    tensor, array, counts = torch.zeros(2), np.zeros(2), defaultdict(int, a=1)
    forms = [to_plain(v) for v in (torch.ones(2), np.ones(2), defaultdict(int, b=2))]
    for present, form in zip((tensor, array, counts), forms):
        assert from_plain(form, CPU, present) is present
    assert tensor.tolist() == [1, 1] and array.tolist() == [1, 1]
    assert dict(counts) == {'b': 2} and counts['c'] == 0
    with pytest.raises(ValueError, match='default dict'):
        from_plain(forms[2], CPU)


def test_a_generator_needs_one_to_be_set():
    form = saved(to_plain(random.Random(3)))
    with pytest.raises(ValueError, match='to be set'):
        from_plain(form, CPU, np.random.default_rng())
