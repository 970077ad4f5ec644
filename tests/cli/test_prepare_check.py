import shutil

import cv2
import pytest

from mmholdout.cli.prepare_data import main


@pytest.fixture
def data(small_sample, tmp_path):
    folder = tmp_path / 'data'
    shutil.copytree(small_sample, folder)
    return folder


@pytest.fixture
def check(small_config, data, capsys):
    """Runs the command on the data; gives exit code, lines of stdout, stderr."""

    def run(*arguments, root=data, options=()):
        config = str(small_config())
        given = ['--cfg-options', f'data_root={root}', *options]
        code = main(['check', config, *arguments, *given])
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err

    return run


def test_sound_data(check, data):
    code, lines, error = check('--workers', '1')
    assert code == 0 and error == ''
    assert lines[0] == f'train: {data}/ImageSets/Main/train.txt, 24 images'
    assert lines[-1] == '42 images decoded: 0 errors, 0 notes'


def test_all_defects_are_listed_and_decide_the_code(check, data):
    ids = (data / 'ImageSets/Main/train.txt').read_text().split()
    for img_id in ids[:12]:
        (data / f'JPEGImages/{img_id}.jpg').write_bytes(b'')
    code, lines, error = check()
    assert code == 2 and error == ''
    start = lines.index('  error: images that cannot be used: 12')
    assert [line.split(':')[0] for line in lines[start + 1 : start + 13]] == [
        f'    {data}/JPEGImages/{img_id}.jpg' for img_id in ids[:12]
    ]
    assert lines[-1] == '42 images decoded: 12 errors, 0 notes'


def test_notes_decide_it_only_when_asked(check, data):
    img_id = (data / 'ImageSets/Main/val.txt').read_text().split()[0]
    with (data / 'ImageSets/Main/val.txt').open('a') as file:
        file.write(f'{img_id}\n')
    code, lines, _ = check()
    assert code == 0 and '  note: id listed more than once, taken once: 1' in lines
    assert f'    {img_id!r} (2 times)' in lines
    assert check('--strict')[0] == 2


def test_a_leak_and_missing_data(check, data, tmp_path):
    shutil.copy(data / 'ImageSets/Main/val.txt', data / 'ImageSets/Main/test.txt')
    code, lines, _ = check()
    assert code == 2 and any(
        line.startswith("error: 10 images of 'test' also in 'val'") for line in lines
    )
    code, lines, error = check(root=tmp_path / 'nowhere')
    assert code == 2 and lines == [] and 'is no folder' in error


@pytest.mark.parametrize('number', ['0', '-1', 'two'])
def test_impossible_numbers_of_workers(number, capsys):
    with pytest.raises(SystemExit):
        main(['check', 'config.py', '--workers', number])
    assert 'must be 1 or more' in capsys.readouterr().err


def test_progress_on_a_terminal(check, monkeypatch):
    monkeypatch.setattr('sys.stderr.isatty', lambda: True)
    error = check('--workers', '1')[2]
    assert '\rdecoded: 1 of 42' in error and '\rdecoded: 42 of 42\n' in error


def test_near_duplicates_are_noted_and_drawn(check, data, tmp_path):
    lists = {s: (data / f'ImageSets/Main/{s}.txt').read_text().split() for s in ('train', 'val')}
    train, val = (str(data / f'JPEGImages/{ids[0]}.jpg') for ids in lists.values())
    cv2.imwrite(val, cv2.imread(train), [cv2.IMWRITE_JPEG_QUALITY, 60])
    sheet = tmp_path / 'pairs.png'
    code, lines, _ = check('--sheet', str(sheet))
    assert code == 0
    assert any(line.startswith('note: near-duplicates: train ') for line in lines)
    assert f'1 pairs are shown in {sheet}' in lines
    assert cv2.imread(str(sheet)) is not None
    assert check('--strict')[0] == 2


def test_the_config_decides_what_is_an_error(check, data):
    """An overlap that is allowed is none; near-duplicates are, where they refuse."""
    train, val = ((data / f'ImageSets/Main/{s}.txt').read_text().split() for s in ('train', 'val'))
    image = cv2.imread(str(data / f'JPEGImages/{train[1]}.jpg'))
    cv2.imwrite(str(data / f'JPEGImages/{val[1]}.jpg'), image, [cv2.IMWRITE_JPEG_QUALITY, 60])
    code, lines, _ = check()
    assert code == 0 and any(line.startswith('note: near-duplicates: ') for line in lines)
    code, lines, _ = check(options=['splits.near_duplicates=refuse'])
    assert code == 2 and any(line.startswith('error: near-duplicates: ') for line in lines)
    shutil.copy(data / f'JPEGImages/{train[2]}.jpg', data / f'JPEGImages/{val[2]}.jpg')
    assert check()[0] == 2
    code, lines, _ = check(options=['splits.allow_overlap=True'])
    allowed = "note (splits.allow_overlap=True): 1 image of 'val' also in 'train'"
    assert code == 0 and any(line.startswith(allowed) for line in lines)
    assert check('--strict', options=['splits.allow_overlap=True'])[0] == 2
