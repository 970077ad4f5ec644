from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import checkpoint

from mmholdout.errors import CheckpointError
from mmholdout.fetch import published
from mmholdout.guards import tensors
from mmholdout.guards.content_digests import with_digests


@pytest.fixture
def save(tmp_path):
    def to_file(content):
        path = tmp_path / 'a.pth'
        torch.save(content, path)
        return str(path)

    return to_file


@pytest.fixture(autouse=True)
def patched():
    tensors.tensors_only()


def test_what_mmengine_saves_is_read(save):
    buffer = HistoryBuffer([1.0, 2.0], [1, 1])
    content = {
        'state_dict': OrderedDict(w=torch.ones(2)),
        'message_hub': {'log_scalars': {'loss': buffer}},
        'numbers': [np.float64(0.5), np.int64(3), np.bool_(True)],
        'array': np.arange(3, dtype=np.int32),
    }
    loaded = checkpoint._load_checkpoint(save(content))
    assert torch.equal(loaded['state_dict']['w'], torch.ones(2))
    assert loaded['message_hub']['log_scalars']['loss'].mean() == 1.5
    assert loaded['numbers'] == [0.5, 3, True]
    assert loaded['array'].tolist() == [0, 1, 2]


@pytest.mark.guarantee
def test_nothing_else_is(save, payload):
    with pytest.raises(CheckpointError, match=r'a\.pth .*holds posix\.mkdir'):
        checkpoint._load_checkpoint(save({'state_dict': {}, 'x': payload}))


@pytest.mark.guarantee
def test_older_and_other_forms_of_a_file(tmp_path, payload):
    path = tmp_path / 'a.pth'
    torch.save({'x': payload}, path, _use_new_zipfile_serialization=False)
    assert path.read_bytes()[:2] != b'PK'
    forms = {'before torch 1.6': path.read_bytes(), 'a bare pickle': pickle.dumps(payload)}
    with zipfile.ZipFile(path, 'w') as archive:  # what torch.hub unpacks by itself
        archive.writestr('inner.pth', pickle.dumps(payload))
    forms['a pickle in a zip'] = path.read_bytes()
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), str(path))
    forms['TorchScript'] = path.read_bytes()
    for name, data in forms.items():
        path.write_bytes(data)
        with pytest.raises(CheckpointError, match=r'a\.pth was not loaded'):
            checkpoint._load_checkpoint(str(path))
            pytest.fail(name)


@pytest.mark.guarantee
def test_getattr_reaches_only_methods_of_the_log_buffer(save):
    class Through:
        def __init__(self, *arguments):
            self.arguments = arguments

        def __reduce__(self):
            return getattr, self.arguments

    assert checkpoint._load_checkpoint(save(Through(HistoryBuffer, 'mean')))
    for owner, name in (
        (HistoryBuffer, '__init__'),
        (torch.Tensor, 'numpy'),
        (np.ndarray, 'tofile'),
    ):
        with pytest.raises(CheckpointError):
            checkpoint._load_checkpoint(save(Through(owner, name)))


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / 'a.pth').write_bytes(b'not a checkpoint')
    with pytest.raises(CheckpointError, match=r'a\.pth .*is damaged'):
        checkpoint._load_checkpoint(str(tmp_path / 'a.pth'))


def test_whatever_byte_is_wrong_the_file_is_named(save, tmp_path):
    whole = bytearray(open(save({'w': torch.ones(3), 'n': [1, 2.5, 'x']}), 'rb').read())  # noqa: PTH123, SIM115
    rng = np.random.default_rng(0)
    path = tmp_path / 'b.pth'
    for at in rng.choice(len(whole), 150, replace=False):
        damaged = bytearray(whole)
        damaged[at] ^= int(rng.integers(1, 256))
        path.write_bytes(damaged)
        try:
            checkpoint._load_checkpoint(str(path))
        except CheckpointError as error:
            assert 'b.pth' in str(error)  # most flips do no harm


def test_a_missing_file_stays_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        checkpoint._load_checkpoint(str(tmp_path / 'none.pth'))


@pytest.mark.guarantee
def test_downloads_are_read_the_same_way_and_kept_apart(save, payload, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path / 'hub'))

    def fetched(url, folder):
        asked.append((url, folder))
        return save({'x': payload})

    monkeypatch.setattr(published, 'published_file', fetched)
    with pytest.raises(CheckpointError, match=r'holds posix\.mkdir'):
        checkpoint._load_checkpoint('https://example.org/a.pth')
    assert asked == [('https://example.org/a.pth', tmp_path / 'hub' / 'checkpoints')]


def test_the_rest_of_torch_is_torch():
    assert checkpoint.torch.save is torch.save
    assert torch.load.__module__ == 'torch.serialization'


@pytest.mark.guarantee
def test_a_caller_cannot_switch_it_off(payload):
    buffer = io.BytesIO()
    torch.save({'x': payload}, buffer)
    buffer.seek(0)
    with pytest.raises(CheckpointError):
        checkpoint.torch.load(buffer, weights_only=False)


def test_a_file_of_this_project_is_read_by_its_digests(save):
    content = with_digests({'state_dict': {'weight': torch.ones(2)}})
    assert checkpoint._load_checkpoint(str(save(content)))['state_dict']['weight'].sum() == 2
    content['state_dict']['weight'][0] = 3
    with pytest.raises(CheckpointError, match=r'state_dict\.weight'):
        checkpoint._load_checkpoint(str(save(content)))
