"""A byte that was changed is found or harmless; a damaged last.pth costs one epoch, said aloud."""

import random
import re
import zipfile

import pytest
import torch

from mmholdout.errors import CheckpointError
from mmholdout.guards.content_digests import KEY, with_digests
from mmholdout.runner.checkpoint import load_plain, read_checkpoint

TWO_EPOCHS = 'train_cfg = dict(max_epochs=2)'


def offsets(path, where):
    """Positions in tensor data, and in all else: pickle, names, headers, the directory at the end.

    In so small a file most bytes are else.
    """
    tensors = set()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if '/data/' in entry.filename:
                start = entry.header_offset + 30 + len(entry.filename)
                tensors.update(range(start + 64, start + 64 + entry.file_size - 64))
    everything = range(path.stat().st_size)
    return [i for i in everything if (i in tensors) == (where == 'tensors')]


@pytest.mark.guarantee
@pytest.mark.parametrize('where', ['tensors', 'else'])
@pytest.mark.parametrize('flips', [20, pytest.param(400, marks=pytest.mark.long)])
def test_a_flipped_byte_anywhere_is_found_or_harmless(copied_run, tmp_path, where, flips):
    """Every other outcome is excluded: another error, another content, a crash."""
    file = copied_run(TWO_EPOCHS) / 'checkpoints/last.pth'
    data, expected = file.read_bytes(), digests(read_checkpoint(file))
    draw = random.Random(flips)
    flipped, found = tmp_path / 'flipped.pth', 0
    for number, position in enumerate(draw.sample(offsets(file, where), flips)):
        changed = bytearray(data)
        changed[position] ^= draw.randrange(1, 256)
        flipped.write_bytes(changed)
        read = (read_checkpoint, load_plain)[number % 2]
        try:
            assert digests(read(flipped)) == expected, f'byte {position}'
        except CheckpointError:
            found += 1
    assert found > flips / 2


def digests(content):
    return with_digests(content)[KEY]


@pytest.mark.guarantee
def test_a_file_cut_anywhere_is_found(copied_run, tmp_path):
    file = copied_run(TWO_EPOCHS) / 'checkpoints/last.pth'
    data, draw = file.read_bytes(), random.Random(0)
    for length in [0, 1, *(draw.randrange(len(data)) for _ in range(20)), len(data) - 1]:
        (tmp_path / 'cut.pth').write_bytes(data[:length])
        with pytest.raises(CheckpointError):
            read_checkpoint(tmp_path / 'cut.pth')


@pytest.mark.parametrize('name', ['last.pth', 'last.prev.pth', 'best_model.pth', 'epoch_2.pth'])
def test_every_checkpoint_carries_digests_of_its_tensors(copied_run, name):
    folder = copied_run(TWO_EPOCHS + '\ndefault_hooks = dict(checkpoint=dict(keep=1))\n')
    content = torch.load(folder / 'checkpoints' / name, weights_only=True)
    names = content[KEY]['tensors']
    assert all(f'state_dict.{key}' in names for key in content['state_dict'])
    if content['kind'] == 'full':
        assert any(key.startswith('optimizer.state.backbone') for key in names)
        assert 'run_state.random.torch' in names


def flip(path):
    content = torch.load(path, weights_only=True)
    name, tensor = next(
        (k, v) for k, v in content['state_dict'].items() if v.dim() == 1 and len(v.unique()) > 9
    )
    data = bytearray(path.read_bytes())
    data[data.index(tensor.numpy().tobytes()) + 17] ^= 4
    path.write_bytes(data)
    return re.escape(f"('state_dict.{name}'")


def truncate(path):
    path.write_bytes(path.read_bytes()[:5000])
    return 'last.pth is damaged'


def remove(path):
    path.unlink()
    return 'there is no checkpoint'


@pytest.mark.guarantee
@pytest.mark.parametrize('damage', [flip, truncate, remove])
def test_a_damaged_last_falls_back_and_the_run_ends_as_it_would_have(
    train_small, copied_run, capsys, damage
):
    folder = copied_run(TWO_EPOCHS)
    last = folder / 'checkpoints/last.pth'
    expected = read_checkpoint(last)
    history = (folder / 'history.jsonl').read_text().splitlines()
    said = damage(last)
    capsys.readouterr()
    train_small(TWO_EPOCHS, folder, resume='last')
    out = capsys.readouterr().out
    assert re.search(f'warning: .*{said}', out)
    assert 'Going on from last.prev.pth (epoch 1, iteration 3): epoch 2 is lost' in out
    content = read_checkpoint(last)
    assert content['meta']['epoch'] == 2
    weights = with_digests({'state_dict': content['state_dict']})
    assert weights[KEY] == with_digests({'state_dict': expected['state_dict']})[KEY]
    assert len((folder / 'history.jsonl').read_text().splitlines()) == len(history) == 2


@pytest.mark.guarantee
@pytest.mark.parametrize('resume', ['last', 'auto'])
def test_two_damaged_ones_are_an_error_and_nothing_is_touched(train_small, copied_run, resume):
    folder = copied_run(TWO_EPOCHS)
    for name in ('last.pth', 'last.prev.pth'):
        truncate(folder / 'checkpoints' / name)
    before = contents(folder)
    with pytest.raises(CheckpointError, match='no state of this run can be read'):
        train_small(TWO_EPOCHS, folder, resume=resume)
    assert contents(folder) == before


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob('*') if path.is_file()}


def test_load_from_a_damaged_file_of_ours_is_refused(train_small, copied_run, tmp_path):
    best = copied_run(TWO_EPOCHS) / 'checkpoints/best_model.pth'
    named = flip(best)
    with pytest.raises(CheckpointError, match=named):
        train_small(f'load_from = {str(best)!r}\n{TWO_EPOCHS}', tmp_path / 'new')
    assert not (tmp_path / 'new').exists()
