import io
from collections import OrderedDict

import pytest
import torch
from torch import nn

from mmholdout.errors import CheckpointError
from mmholdout.guards.content_digests import KEY, check_digests, with_digests

CONTENT = {
    'kind': 'full',
    'state_dict': OrderedDict(w=torch.arange(6.0).reshape(2, 3), n=torch.tensor(3)),
    'run_state': {'hook.EMAHook': {'updates': 3}, 'random': [torch.arange(4).byte(), (1, 2.5)]},
}


def test_it_survives_a_file():
    file = io.BytesIO()
    whole = with_digests(
        {
            **CONTENT,
            'half': torch.ones(3, dtype=torch.bfloat16),
            'complex': torch.ones(2, dtype=torch.complex64),
            'flag': torch.tensor([True]),
            'none': torch.empty(0, 4),
            'channels': torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
            'row': torch.arange(12.0).reshape(3, 4)[:, 1],
            'parameter': nn.Parameter(torch.ones(2)),
            'plain': [None, True, 1, 1.5, float('nan'), 'x', b'y', {1, 2}, 1j, torch.Size([2])],
        }
    )
    torch.save(whole, file)
    file.seek(0)
    check_digests(torch.load(file, weights_only=True), 'a.pth')


def test_names_are_nested_keys():
    assert list(with_digests(CONTENT)[KEY]['tensors']) == [
        'state_dict.w',
        'state_dict.n',
        'run_state.random.0',
    ]


def test_two_tensors_of_one_name_have_each_their_digest():
    content = {'a.b': torch.ones(1), 'a': {'b': torch.zeros(1)}}
    whole = with_digests(content)
    assert list(whole[KEY]['tensors']) == ['a.b', 'a.b#2']
    whole['a']['b'] += 1
    with pytest.raises(CheckpointError, match=r"1 of 2 tensors .*'a\.b#2'"):
        check_digests(whole, 'a.pth')


def other(tensor):
    return [
        tensor + 1,
        -tensor,
        tensor.double(),
        tensor.reshape(3, 2),
        tensor.view(torch.int32),
        torch.where(tensor == 0, torch.tensor(-0.0), tensor),
    ]


@pytest.mark.parametrize('number', range(6))
def test_another_tensor_is_named(number):
    whole = with_digests(CONTENT)
    whole['state_dict'] = {**whole['state_dict'], 'w': other(CONTENT['state_dict']['w'])[number]}
    with pytest.raises(CheckpointError, match=r"1 of 3 tensors .*\('state_dict\.w'\)"):
        check_digests(whole, 'a.pth')


@pytest.mark.parametrize('extra', [{'more': torch.ones(1)}, {'state_dict': {}}])
def test_a_tensor_too_many_or_too_few_is_found(extra):
    with pytest.raises(CheckpointError, match='tensors are not what was written'):
        check_digests({**with_digests(CONTENT), **extra}, 'a.pth')


def test_the_first_three_are_named():
    whole = with_digests({str(i): torch.ones(1) for i in range(5)})
    for i in range(5):
        whole[str(i)] += 1
    with pytest.raises(CheckpointError, match=r"5 of 5 .*\('0', '1', '2', \.\.\.\)"):
        check_digests(whole, 'a.pth')


PLAIN = {'a': 1, 'b': [1.0, 'x', None], 'c': {'d': (True, b'z')}, 'e': ''}


@pytest.mark.parametrize(
    'changed',
    [
        {'a': 2},
        {'a': True},
        {'a': 1.0},
        {'a': '1'},
        {'b': [1.0, 'x']},
        {'b': [1.0, 'x', 'None']},
        {'b': (1.0, 'x', None)},
        {'b': [-1.0, 'x', None]},
        {'b': [1.0, 'xNone']},
        {'c': {'e': (True, b'z')}},
        {'c': {'d': (True, 'z')}},
        {'c': OrderedDict(d=(True, b'z'))},
        {'e': None},
        {'f': 1},
    ],
)
def test_any_other_value_is_found(changed):
    whole = with_digests(PLAIN)
    check_digests(whole, 'a.pth')
    with pytest.raises(CheckpointError, match='its other values are not'):
        check_digests({**whole, **changed}, 'a.pth')


def test_a_flag_of_a_tensor_is_a_value():
    whole = with_digests({'w': torch.ones(2)})
    whole['w'] = whole['w'].requires_grad_()
    with pytest.raises(CheckpointError, match='its other values are not'):
        check_digests(whole, 'a.pth')


def endless():
    content = {}
    content['itself'] = content
    return content


@pytest.mark.parametrize(
    'content',
    [
        {},
        {KEY: None},
        {KEY: {}},
        {KEY: {'tensors': None, 'values': None}},
        {KEY: {'tensors': {}, 'values': ''}, 'a': object()},
        {KEY: {'tensors': {}, 'values': ''}, 'a': endless()},
        {KEY: {'tensors': {}, 'values': ''}, 'a': torch.ones(2, 2).to_sparse()},
    ],
)
def test_nothing_but_one_kind_of_error(content):
    with pytest.raises(CheckpointError, match=r'a\.pth is damaged'):
        check_digests(content, 'a.pth')


def test_what_is_no_plain_value_is_refused_by_name_when_it_is_to_be_written():
    with pytest.raises(CheckpointError, match=r'run_state\.hook\.Mine\.x is a builtins\.range'):
        with_digests({'run_state': {'hook.Mine': {'x': range(3)}}})
