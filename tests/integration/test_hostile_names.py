"""Class names and file names made to deceive: every command on a data set of them."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from pathlib import Path

import cv2
import pytest

from mmholdout.cli import check_config, predict, prepare_data, report, train
from mmholdout.cli import test as test_command

pytestmark = pytest.mark.guarantee

FAKE = 'FAKE: all is well'
CLASS = f'bo[red]{{0}}%s\u202egnp\u2028<b>&"$\\frac{{$:cat:\n{FAKE}'
ESCAPE = f'\x1b[31m\x9b2J\x07[bold]$\\frac{{$\u202e<b>%n\n{FAKE}\udc80'
ALLOWED = '\n'
TEXTS = ('.log', '.jsonl', '.py')


@pytest.fixture(scope='module')
def data(tmp_path_factory, small_sample):
    """The small sample with `nut` renamed and an image of each split under a hostile name."""
    folder = tmp_path_factory.mktemp('hostile') / 'data'
    shutil.copytree(small_sample, folder)
    written = CLASS.replace('&', '&amp;').replace('<', '&lt;')
    for path in (folder / 'Annotations').iterdir():
        text = path.read_text(encoding='utf-8').replace('>nut<', f'>{written}<')
        path.write_text(text, encoding='utf-8')
    for split in ('train', 'val', 'test'):
        listed = folder / 'ImageSets' / 'Main' / f'{split}.txt'
        ids = listed.read_text().split()
        hostile = f'{split}\x1b[31m[red]$\\frac{{$\u202e<b>%s'.replace('\\', '')
        for sub, suffix in (('Annotations', '.xml'), ('JPEGImages', '.jpg')):
            (folder / sub / f'{ids[0]}{suffix}').rename(folder / sub / f'{hostile}{suffix}')
        listed.write_text('\n'.join([hostile, *ids[1:]]), encoding='utf-8')
    return folder


@pytest.fixture
def config(data, small_config):
    import ast

    base = Path(__file__).resolve().parents[2] / 'configs' / '_base_' / 'datasets' / 'sample.py'
    names = next(
        ast.literal_eval(node.value)
        for node in ast.parse(base.read_text()).body
        if isinstance(node, ast.Assign) and node.targets[0].id == 'classes'
    )
    classes = tuple(CLASS if name == 'nut' else name for name in names)
    extra = f'data_root = {str(data)!r}\n'
    for split in ('train', 'val', 'test'):
        extra += f'{split}_dataloader = dict(dataset=dict(metainfo=dict(classes={classes!r})))\n'
    return small_config(extra + 'train_cfg = dict(max_epochs=1)\n')


def inert(text):
    """No control, format or surrogate character, and no line of the attacker's."""
    bad = {c for c in text if unicodedata.category(c) in ('Cc', 'Cf', 'Cs', 'Zl', 'Zp')}
    assert bad <= set(ALLOWED), sorted(bad)
    assert not any(line.startswith('FAKE') for line in text.splitlines())
    return text


@pytest.fixture
def command(capfd):
    """Runs a command and gives what it printed, which has to be inert."""

    def run(main, *argv, code=0):
        done = main([str(a) for a in argv])
        out, err = capfd.readouterr()
        assert done == code, err
        return inert(out + err)

    return run


def test_a_whole_run(command, config, data, tmp_path):
    work_dir = tmp_path / 'work_dirs' / 'a'
    device = ('--device', 'cpu')
    command(prepare_data.main, 'check', config, '--sheet', tmp_path / 'sheet.png')
    command(prepare_data.main, 'priors', config)
    command(check_config.main, config)
    command(train.main, config, '--work-dir', work_dir, *device)
    best = work_dir / 'checkpoints' / 'best_model.pth'
    assert 'bo[red]' in command(test_command.main, config, best, *device)
    command(report.main, work_dir)
    pictures = ['--out-dir', tmp_path / 'out', '--score-thr', '0', *device]
    command(predict.main, best, data / 'JPEGImages', *pictures)
    written = {path.suffix: path for path in work_dir.rglob('*') if path.suffix in TEXTS}
    assert set(written) == set(TEXTS)
    for path in written.values():
        inert(path.read_text(encoding='utf-8'))
    for line in (work_dir / 'history.jsonl').read_text().splitlines():
        json.loads(line)
    assert cv2.imread(str(work_dir / 'curves.png')) is not None


def test_a_split_of_the_folder(command, data, tmp_path):
    folder = tmp_path / 'copy'
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns('ImageSets'))
    said = command(prepare_data.main, 'split', folder, '--no-duplicates')
    assert 'bo[red]' in said


def test_names_that_are_mistakes(command, config, data, tmp_path):
    """The message quotes what is unknown."""
    options = "train_dataloader.dataset.metainfo.classes=['other']"
    said = command(check_config.main, config, '--cfg-options', options, code=2)
    assert 'bo[red]' in said or 'classes' in said
    command(train.main, config, '--cfg-options', f'model.{ESCAPE[:12]}=1', code=2)
    command(train.main, tmp_path / f'no{ESCAPE}.py', code=2)
    command(test_command.main, config, tmp_path / f'no{ESCAPE}.pth', code=2)
    command(prepare_data.main, 'split', tmp_path / f'no{ESCAPE}', code=2)
    command(prepare_data.main, 'voc', '--out', tmp_path, '--host', 'http://[\x1b[31m', code=2)
    command(report.main, tmp_path / f'no{ESCAPE}', code=2)


def test_pictures_with_hostile_names(command, train_small, small_sample, tmp_path):
    best = train_small('train_cfg = dict(max_epochs=1)') / 'checkpoints' / 'best_model.pth'
    command(lambda argv: 0)  # what training printed
    source = next((small_sample / 'JPEGImages').iterdir())
    names = ['..\\x.jpg', f'{ESCAPE}.jpg', '-rf.jpg', '%s%n.jpg', '$(touch x).jpg', '~.jpg']
    names += ['w' * 200 + '.jpg', 'C:x.jpg']
    deep = tmp_path / 'photos' / ('d' * 150) / ('e' * 150)
    deep.mkdir(parents=True)
    shutil.copy(source, deep / 'x.jpg')
    for name in names:
        shutil.copy(source, tmp_path / 'photos' / name)
    out = tmp_path / 'a' / 'out'
    before = sorted(os.listdir(tmp_path))  # noqa: PTH208
    argv = [best, tmp_path / 'photos', '--out-dir', out, '--device', 'cpu', '--score-thr', '0']
    command(predict.main, *argv)
    assert len(list(out.iterdir())) == len(names) + 1
    assert all(path.is_file() and path.parent == out for path in out.rglob('*'))
    assert sorted(os.listdir(tmp_path)) == sorted([*before, 'a'])  # noqa: PTH208
    (tmp_path / f'{ESCAPE}.jpg').write_bytes(b'no image')
    command(predict.main, best, tmp_path / f'{ESCAPE}.jpg', *argv[2:], code=2)
