import pytest
import torch

from mmholdout.errors import ConfigError
from mmholdout.loops.precision import Precision
from mmholdout.runner.device import (
    choose_device,
    choose_precision,
    precision_of,
    slow_precision,
    with_copies_ahead,
)


def test_default_is_cuda_where_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    assert choose_device(None) == 'cuda'
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    assert choose_device(None) == 'cpu'


def test_cpu():
    assert choose_device('cpu') == 'cpu'


@pytest.mark.parametrize('wanted', ['cuda:7', 'gpu', 'meta', ''])
def test_refused(wanted, monkeypatch):
    monkeypatch.setattr(torch.cuda, 'device_count', lambda: 1)
    with pytest.raises(ConfigError, match='--device'):
        choose_device(wanted)


def test_training_is_in_float32_unless_the_config_says_else():
    assert choose_precision({'type': 'OptimWrapper'}, 'cpu') == Precision('cpu')
    assert choose_precision({}, 'cuda:1') == Precision('cuda')


@pytest.mark.parametrize('kind', ['AmpOptimWrapper', 'mmholdout.AmpOptimWrapper'])
def test_mixed_precision_of_each_device(kind, monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_bf16_supported', lambda emulated: not emulated)
    amp = {'type': kind}
    assert choose_precision(amp, 'cpu') == Precision('cpu', 'bfloat16')
    assert choose_precision(amp, 'cuda:1') == Precision('cuda', 'float16')
    wanted = {**amp, 'dtype': 'bfloat16'}
    assert choose_precision(wanted, 'cuda') == Precision('cuda', 'bfloat16')


def test_float16_on_a_cpu_is_refused_with_the_way_out():
    with pytest.raises(ConfigError, match="dtype='bfloat16'"):
        choose_precision({'type': 'AmpOptimWrapper', 'dtype': 'float16'}, 'cpu')


def test_a_gpu_without_bfloat16(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_bf16_supported', lambda emulated: emulated)
    monkeypatch.setattr(torch.cuda, 'get_device_name', lambda device: 'an old one')
    with pytest.raises(ConfigError, match=r"an old one.*dtype='float16'"):
        choose_precision({'type': 'AmpOptimWrapper', 'dtype': 'bfloat16'}, 'cuda')


@pytest.mark.parametrize(
    ('capability', 'dtype', 'notices'),
    [('AVX2', 'bfloat16', 1), ('AVX512', 'bfloat16', 0), ('AVX2', 'float32', 0)],
)
def test_emulated_bfloat16_is_said(capability, dtype, notices, monkeypatch):
    monkeypatch.setattr(torch.backends.cpu, 'get_cpu_capability', lambda: capability)
    assert len(slow_precision(Precision('cpu', dtype))) == notices
    assert slow_precision(Precision('cuda', dtype)) == []


@pytest.mark.parametrize(
    ('trained', 'device', 'used', 'notices'),
    [
        ('float32', 'cpu', 'float32', 0),
        ('bfloat16', 'cpu', 'bfloat16', 0),
        ('float16', 'cuda:0', 'float16', 0),
        ('float16', 'cpu', 'float32', 1),
    ],
)
def test_a_checkpoint_is_measured_as_it_was_validated(trained, device, used, notices):
    precision, said = precision_of({'precision': trained}, device)
    assert precision.dtype == used and len(said) == notices


def test_a_checkpoint_that_says_nothing_is_float32():
    assert precision_of({}, 'cpu') == (Precision('cpu'), [])


def words(preprocessor, **loader):
    return {
        'model': {'type': 'SSD', 'data_preprocessor': preprocessor},
        'train_dataloader': {'batch_size': 2, **loader},
        'val_dataloader': {'batch_size': 4},
        'test_dataloader': None,
    }


def test_on_a_gpu_batches_are_pinned_and_copied_ahead():
    given = words({'type': 'DetDataPreprocessor'})
    built = with_copies_ahead(given, 'cuda:1')
    assert built['train_dataloader'] == {'pin_memory': True, 'batch_size': 2}
    assert built['val_dataloader'] == {'pin_memory': True, 'batch_size': 4}
    assert built['test_dataloader'] is None
    assert built['model']['data_preprocessor']['non_blocking'] is True
    assert built['model']['type'] == 'SSD'
    assert given == words({'type': 'DetDataPreprocessor'})  # the record of the run is the user's


def test_what_the_config_says_of_copies_stays():
    given = words({'type': 'DetDataPreprocessor', 'non_blocking': False}, pin_memory=False)
    built = with_copies_ahead(given, 'cuda')
    assert built['train_dataloader'] == given['train_dataloader']
    assert built['model'] == given['model']


@pytest.mark.parametrize(
    'preprocessor', [None, {'type': 'MultiBranchDataPreprocessor', 'data_preprocessor': {}}]
)
def test_a_preprocessor_without_the_word_is_left_alone(preprocessor):
    given = words(preprocessor)
    assert with_copies_ahead(given, 'cuda')['model'] == given['model']


def test_on_a_cpu_nothing_is_added():
    given = words({'type': 'DetDataPreprocessor'})
    assert with_copies_ahead(given, 'cpu') is given
