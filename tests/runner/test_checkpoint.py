import os
import pickle

import pytest
import torch

from mmholdout.errors import CheckpointError
from mmholdout.runner import checkpoint
from mmholdout.runner.checkpoint import (
    load_plain,
    read_checkpoint,
    require_full,
    write_checkpoint,
)

CONTENT = {'kind': 'full', 'state_dict': {'w': torch.arange(5.0)}, 'meta': {'classes': ('a', 'b')}}


@pytest.fixture
def files(tmp_path):
    return tmp_path / 'last.pth', tmp_path / 'last.prev.pth'


def write(files, number):
    write_checkpoint(files[0], {**CONTENT, 'number': number}, previous=files[1])


def test_plain_torch_reads_it(files):
    write(files, 1)
    content = torch.load(files[0], weights_only=True)
    assert content['meta']['classes'] == ('a', 'b')
    assert torch.equal(content['state_dict']['w'], torch.arange(5.0))


def test_the_previous_one_is_kept(files):
    write(files, 1)
    write(files, 2)
    assert read_checkpoint(files[0])['number'] == 2
    assert read_checkpoint(files[1])['number'] == 1


def test_a_failed_write_leaves_both_as_they_were(files, monkeypatch):
    write(files, 1)
    write(files, 2)

    def full_disk(content, file):
        file.write(b'half')
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(checkpoint.torch, 'save', full_disk)
    with pytest.raises(OSError, match='No space'):
        write(files, 3)
    assert read_checkpoint(files[0])['number'] == 2
    assert read_checkpoint(files[1])['number'] == 1
    assert sorted(p.name for p in files[0].parent.iterdir()) == ['last.prev.pth', 'last.pth']


def test_weights_only_is_refused_by_name(files):
    with pytest.raises(CheckpointError, match=r'weights only.*last\.pth.*load_from'):
        require_full({'kind': 'weights'}, files[0].with_name('best_model.pth'))


class Payload:
    def __reduce__(self):
        return os.mkdir, ('executed',)


def test_a_payload_is_refused_and_not_executed(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({'format': checkpoint.FORMAT, 'evil': Payload()}, files[0])
    with pytest.raises(CheckpointError, match='can run code'):
        read_checkpoint(files[0])
    files[1].write_bytes(pickle.dumps(Payload()))
    with pytest.raises(CheckpointError):
        read_checkpoint(files[1])
    assert not (tmp_path / 'executed').exists()


def test_a_foreign_file_is_named_as_such(files):
    torch.save({'state_dict': {}}, files[0])
    with pytest.raises(CheckpointError, match='load_from'):
        read_checkpoint(files[0])


def test_a_file_of_another_version_is_named_as_such_and_its_weights_are_read(files):
    torch.save({'format': 'mmholdout/1', **CONTENT}, files[0])
    with pytest.raises(CheckpointError, match=r'format mmholdout/1.*load_from='):
        read_checkpoint(files[0])
    assert torch.equal(load_plain(files[0])['state_dict']['w'], torch.arange(5.0))


@pytest.mark.parametrize('read', [read_checkpoint, load_plain])
def test_a_flipped_byte_of_a_tensor_is_found_and_named(files, read):
    write(files, 1)
    data = bytearray(files[0].read_bytes())
    data[data.index(torch.arange(5.0).numpy().tobytes()) + 5] ^= 1
    files[0].write_bytes(data)
    assert torch.load(files[0], weights_only=True)  # without complaint
    with pytest.raises(CheckpointError, match=r"1 of 1 tensors .* \('state_dict\.w'\)"):
        read(files[0])


def test_content_that_was_read_can_be_written_again(files):
    write(files, 1)
    write_checkpoint(files[1], read_checkpoint(files[0]))
    assert files[1].read_bytes() and read_checkpoint(files[1])['number'] == 1


@pytest.mark.parametrize('keep', [0, 10, 200, 1200])
def test_a_truncated_file_is_damaged(files, keep):
    write(files, 1)
    files[0].write_bytes(files[0].read_bytes()[:keep])
    with pytest.raises(CheckpointError, match='damaged'):
        read_checkpoint(files[0])


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='needs limits of a process')
@pytest.mark.parametrize('size', [10, 1000, 100_000, 300_000])
def test_torch_does_not_hide_why_a_write_failed(files, size):
    """Its C++ side says 'unexpected pos 960 vs 854' when the disk is full."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        with pytest.raises(OSError, match='File too large') as error:
            write_checkpoint(files[0], {'w': torch.arange(100_000.0)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert error.value.filename == str(files[0])
    assert not list(files[0].parent.iterdir())
