import os
import pickle

import pytest
import torch

from mmholdout.errors import CheckpointError
from mmholdout.runner import checkpoint
from mmholdout.runner.checkpoint import (
    read_checkpoint,
    read_for_resume,
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


@pytest.mark.parametrize('keep', [0, 10, 200])
def test_a_truncated_file_falls_back_and_says_so(files, keep):
    write(files, 1)
    write(files, 2)
    files[0].write_bytes(files[0].read_bytes()[:keep])
    content, notices = read_for_resume(*files)
    assert content['number'] == 1
    assert 'damaged' in notices[0] and 'last.prev.pth' in notices[0]


def test_a_missing_last_falls_back(files):
    write(files, 1)
    write(files, 2)
    files[0].unlink()
    content, notices = read_for_resume(*files)
    assert content['number'] == 1 and notices


def test_nothing_to_resume(files):
    with pytest.raises(CheckpointError, match='nothing to resume'):
        read_for_resume(*files)


def test_both_damaged_names_both(files):
    for path in files:
        path.write_bytes(b'x')
    with pytest.raises(CheckpointError) as error:
        read_for_resume(*files)
    assert 'last.pth' in str(error.value) and 'last.prev.pth' in str(error.value)


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
