"""The sample set in three formats: one run, number for number, and every command around it."""

import json
import shutil
from pathlib import Path

import pytest

from mmholdout.cli import prepare_data
from mmholdout.cli.check_config import main as check_config
from mmholdout.cli.predict import main as predict
from mmholdout.cli.prepare_data import main as prepare
from mmholdout.cli.test import main as run_test
from mmholdout.cli.verify_run import main as verify
from mmholdout.history.jsonl import History

WORDS = {
    'voc': "dict(type='VOCDataset', ann_file='ImageSets/Main/{split}.txt')",
    'coco': "dict(type='COCODataset', ann_file='annotations/{split}.json', "
    "data_prefix=dict(_delete_=True, img='{split}/'))",
    'yolo': "dict(type='YOLODataset', ann_file='data.yaml', split='{split}', "
    'data_prefix=dict(_delete_=True))',
}
NEW = ('coco', 'yolo')


def config_of(kind, root):
    """Lines that make the small config read one of the folders."""
    lines = [f'data_root = {str(root)!r}', 'train_cfg = dict(max_epochs=1)']
    for split in ('train', 'val', 'test'):
        words = WORDS[kind].format(split=split)
        lines.append(f'{split}_dataloader["dataset"].update({words})')
    return '\n'.join(lines)


@pytest.fixture(scope='module')
def folders(small_sample, tmp_path_factory):
    """The small sample, its copy without difficult objects, and what is made of the two."""
    base = tmp_path_factory.mktemp('formats')
    plain = Path(shutil.copytree(small_sample, base / 'plain'))
    for path in (plain / 'Annotations').iterdir():
        text = path.read_text().replace('<difficult>1<', '<difficult>0<')
        path.write_text(text)
    made = {'voc': small_sample, 'plain': plain}
    for kind, source in (('coco', small_sample), ('yolo', plain)):
        made[kind] = base / kind
        assert prepare(['convert', str(source), str(made[kind]), '--to', kind]) == 0
    return made


@pytest.fixture
def run(folders, train_small, tmp_path):
    def _run(kind, folder=None):
        root = folders[folder or kind]
        return train_small(config_of(kind, root), work_dir=tmp_path / 'runs' / (folder or kind))

    return _run


def numbers(folder):
    """Every number of the history that is no duration."""
    rows = History(folder / 'history.jsonl').rows
    return [{k: v for k, v in row.items() if 'second' not in k} for row in rows]


@pytest.mark.guarantee
def test_one_epoch_gives_the_same_numbers(run):
    """Also where objects are difficult, which YOLO's format cannot say."""
    voc, coco = numbers(run('voc')), numbers(run('coco'))
    assert voc[-1]['val/mAP'] == coco[-1]['val/mAP'] > 0
    assert voc == coco
    plain, yolo = numbers(run('voc', 'plain')), numbers(run('yolo'))
    assert plain == yolo
    assert plain[-1]['val/loss'] != voc[-1]['val/loss']


@pytest.mark.parametrize('kind', NEW)
def test_every_command_knows_the_format(kind, run, folders, small_config, tmp_path, capsys):
    config = str(small_config(config_of(kind, folders[kind])))
    assert check_config([config]) == 0
    assert prepare(['check', config, '--workers', '1']) == 0
    assert '42 images decoded: 0 errors, 0 notes' in capsys.readouterr().out
    assert prepare(['priors', config]) == 0
    folder = run(kind)
    record = json.loads((folder / 'splits.json').read_text())
    assert [record[split]['num_images'] for split in ('train', 'val', 'test')] == [24, 10, 8]
    best = str(folder / 'checkpoints' / 'best_model.pth')
    assert run_test([config, best, '--work-dir', str(folder), '--device', 'cpu']) == 0
    capsys.readouterr()
    assert verify([str(folder)]) == 0
    said = capsys.readouterr().out
    for split, count in (('train', 24), ('val', 10), ('test', 8)):
        assert f'images of {split}: {count} files on disk are what they were' in said
        assert f'annotations of {split}: ' in said
    picture = next(p for p in sorted(folders[kind].rglob('*.jpg')) if 'test' in p.parts)
    drawn = tmp_path / 'drawn'
    assert predict([best, str(picture), '--out-dir', str(drawn), '--device', 'cpu']) == 0
    assert [path.stem for path in drawn.iterdir()] == [picture.stem]
    label = next(iter((folders[kind] / 'labels' / 'val').glob('*.txt')), None)
    file = label or folders[kind] / 'annotations' / 'val.json'
    before = file.read_bytes()
    file.write_bytes(before + b'\n')
    try:
        assert verify([str(folder)]) == 2
    finally:
        file.write_bytes(before)
    assert f'annotations of val: {file.relative_to(folders[kind])}' in capsys.readouterr().err


@pytest.mark.parametrize('kind', NEW)
def test_an_image_in_two_splits_is_refused(kind, folders, small_config, tmp_path, capsys):
    root = Path(shutil.copytree(folders[kind], tmp_path / 'leaky'))
    top = root if kind == 'coco' else root / 'images'
    train, val = (sorted((top / split).iterdir())[0] for split in ('train', 'val'))
    val.unlink()
    shutil.copy(train, val)
    config = str(small_config(config_of(kind, root)))
    from mmholdout.cli.train import main as train_main

    assert train_main([config, '--work-dir', str(tmp_path / 'run'), '--device', 'cpu']) == 2
    assert 'with the same bytes' in capsys.readouterr().err
    assert prepare(['check', config, '--workers', '1']) == 2


def test_one_split_is_not_two(folders, small_config, capsys):
    text = config_of('yolo', folders['yolo'])
    config = small_config(text.replace("split='test'", "split='val'"))
    assert check_config([str(config)]) == 2
    assert 'test must not be val' in capsys.readouterr().err


def test_the_table_of_formats_is_what_the_tool_offers(capsys):
    from mmholdout.runner.formats import formats

    assert sorted(formats()) == ['coco', 'voc', 'yolo']
    with pytest.raises(SystemExit):
        prepare_data.main(['convert', '--help'])
    assert 'voc, coco or yolo' in capsys.readouterr().out
