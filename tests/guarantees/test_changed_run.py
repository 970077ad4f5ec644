"""What a resumed run does otherwise is said; what is only elsewhere is resumed."""

import json
import shutil

import pytest

from mmholdout.errors import CheckpointError, RunFolderError
from mmholdout.runner.run_folder import RunFolder

ONE, TWO = 'train_cfg = dict(max_epochs=1)\n', 'train_cfg = dict(max_epochs=2)\n'


@pytest.fixture
def resumed(train_small, copied_run, capsys):
    """Resume one epoch with another config; gives what was said."""

    def resume(extra='', **options):
        folder = copied_run(ONE)
        capsys.readouterr()
        train_small(TWO + extra, folder, resume='last', **options)
        rows = [json.loads(line) for line in (folder / 'history.jsonl').open()]
        assert [row['epoch'] for row in rows] == [1, 2]
        return capsys.readouterr().out, rows

    return resume


def test_a_changed_rate_is_printed_and_takes_effect(resumed):
    out, rows = resumed('optim_wrapper = dict(optimizer=dict(lr=4e-2))')
    assert 'optim_wrapper.optimizer.lr: 0.004 -> 0.04' in out
    assert 'train_cfg.max_epochs: 1 -> 2' in out and 'not to the byte' not in out
    assert rows[1]['lr'] > 5 * rows[0]['lr']


def test_what_does_not_matter_is_not_printed(resumed):
    out, _ = resumed('default_hooks = dict(console=dict(interval=7))')
    assert 'console' not in out
    assert out.count('->') == 1  # max_epochs


@pytest.mark.parametrize(('size', 'now'), [(4, 6), (12, 2)])
def test_another_batch_size_keeps_the_number_of_epochs(resumed, size, now):
    """Counted in iterations of the old length, a run of two epochs would end or go on wrongly."""
    out, rows = resumed(f'train_dataloader = dict(batch_size={size})')
    assert f'warning: batch size 8 -> {size}: the run goes on' in out
    assert f'an epoch has {now} iterations now and had 3' in out
    assert rows[1]['iter'] == 2 * now


def test_another_seed(resumed):
    out, _ = resumed(seed=5)
    assert 'warning: seed 0 -> 5: the run goes on' in out


def test_fewer_training_images_on_another_path(resumed, small_sample, tmp_path):
    moved = tmp_path / 'moved'
    shutil.copytree(small_sample, moved)
    names = moved / 'ImageSets/Main/train.txt'
    names.write_text('\n'.join(names.read_text().split()[:20]) + '\n')
    out, _ = resumed(f'data_root = {str(moved)!r}')
    assert 'training images 24 -> 20' in out
    assert f'data_root and 1 more: {str(small_sample)!r} -> {str(moved)!r}'[:60] in out


def test_another_version(train_small, copied_run, capsys, monkeypatch):
    folder = copied_run(ONE)
    monkeypatch.setattr('torch.__version__', '9.9.9')
    train_small(TWO, folder, resume='last')
    out = capsys.readouterr().out
    assert '-> 9.9.9' in out and 'warning: other versions: the run goes on' in out


def test_another_model_is_refused_and_nothing_is_changed(train_small, copied_run):
    folder = copied_run(ONE)
    before = (folder / 'checkpoints/last.pth').read_bytes(), (folder / 'config.py').read_bytes()
    with pytest.raises(CheckpointError, match='another model') as error:
        train_small(
            TWO + 'model = dict(backbone=dict(depths=(1, 1, 1, 1, 2)))', folder, resume='last'
        )
    assert 'continue with' not in str(error.value)
    assert before == (
        (folder / 'checkpoints/last.pth').read_bytes(),
        (folder / 'config.py').read_bytes(),
    )


def test_back_to_a_numbered_checkpoint_and_stopped_at_once(train_small, copied_run, monkeypatch):
    """last.pth and the history must tell of the same epoch, whenever the run dies."""
    keep = 'default_hooks = dict(checkpoint=dict(keep=5))\n'
    folder = copied_run(TWO + keep)
    from mmholdout.loops import train_loop

    def die(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train_loop, 'train_step', die)
        with pytest.raises(KeyboardInterrupt):
            train_small(TWO + keep, folder, resume=str(folder / 'checkpoints/epoch_1.pth'))
    assert len((folder / 'history.jsonl').read_text().splitlines()) == 1
    train_small(TWO + keep, folder, resume='last')
    assert len((folder / 'history.jsonl').read_text().splitlines()) == 2


def test_a_run_that_another_process_is_training_is_not_even_read(train_small, copied_run):
    folder = copied_run(ONE)
    for path in (folder / 'checkpoints').glob('last*'):
        path.write_bytes(b'whoever reads this says that it is damaged')
    other = RunFolder(folder)
    other.hold()
    try:
        with pytest.raises(RunFolderError, match='another process is running in'):
            train_small(TWO, folder, resume='last')
    finally:
        other.end()
