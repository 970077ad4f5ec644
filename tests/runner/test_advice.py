import errno
import os

import pytest
import torch

from mmholdout.errors import DataError, NonFiniteLossError, StorageError
from mmholdout.runner.advice import with_advice
from mmholdout.runner.checkpoint import write_checkpoint
from mmholdout.runner.run_folder import RunFolder

COMMAND = 'python tools/train.py c.py --resume'


@pytest.fixture
def folder(tmp_path):
    folder = RunFolder(tmp_path / 'run')
    folder.begin(resume=False)
    return folder


def save(folder):
    for epoch in (1, 2):
        content = {'meta': {'epoch': epoch}, 'w': torch.arange(50)}
        write_checkpoint(folder.last, content, previous=folder.last_prev)


def raised(folder, error):
    with pytest.raises(Exception) as caught, with_advice(folder, COMMAND):
        raise error
    return caught.value


def test_a_users_mistake_says_how_to_go_on(folder):
    assert 'Nothing of this run has been saved' in str(raised(folder, DataError('bad image')))
    save(folder)
    text = str(raised(folder, DataError('bad image')))
    assert text.startswith('bad image\n') and text.endswith(f'continue with:\n  {COMMAND}')


def test_what_was_refused_before_the_run_began_gets_no_advice(tmp_path):
    assert str(raised(RunFolder(tmp_path), DataError('no data'))) == 'no data'


def full(file=None):
    return OSError(errno.ENOSPC, 'No space left on device', *([str(file)] if file else []))


def test_a_full_disk_names_the_file_and_what_is_intact(folder):
    save(folder)
    folder.best.write_bytes(b'x' * 100)
    error = raised(folder, full(folder.last))
    assert type(error) is StorageError
    text = str(error)
    assert text.startswith(f'{folder.last} cannot be written: No space left on device\n')
    assert f'Intact in {folder.checkpoints}: last.prev.pth (epoch 1), last.pth (epoch 2).' in text
    assert 'Damaged: best_model.pth' in text and COMMAND in text


def test_a_full_disk_that_names_no_file(folder):
    assert f'a file in {folder.path} cannot be written' in str(raised(folder, full()))


@pytest.mark.parametrize('number', [errno.EACCES, errno.EROFS, errno.EIO, errno.ENOENT])
def test_any_error_of_the_system_about_a_file_of_the_run(folder, number):
    error = raised(folder, OSError(number, 'no', str(folder.history)))
    assert str(folder.history) in str(error) and error.exit_code == 2


def test_other_errors_of_the_system_are_not_ours(folder, tmp_path):
    for error in (
        full(tmp_path / 'elsewhere'),
        OSError(errno.EACCES, 'no', '/somewhere'),
        ConnectionError('gone'),
        OSError(errno.EMFILE, 'Too many open files'),
    ):
        assert raised(folder, error) is error


def test_what_the_run_was_ending_for_is_not_lost(folder):
    def end():
        try:
            raise NonFiniteLossError('the loss is NaN')
        except NonFiniteLossError:
            os.close(os.open(folder.path / 'no' / 'summary.json', os.O_RDONLY))

    with pytest.raises(StorageError) as error, with_advice(folder, COMMAND):
        end()
    assert error.value.problems[0] == 'the loss is NaN'
    assert 'summary.json cannot be written' in error.value.problems[1]
