import hashlib
import tarfile
from pathlib import Path

import pytest

from mmholdout.cli.prepare_data import main
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.datasets.places import require_places
from mmholdout.datasets.voc_places import VOCPlaces
from mmholdout.fetch import voc
from mmholdout.fetch.digest import Digest
from mmholdout.sample.voc_stand_in import write_stand_in

CONFIG = Path(__file__).resolve().parents[2] / 'configs' / 'ssd300_voc.py'


@pytest.fixture(scope='module')
def devkit(tmp_path_factory):
    folder = tmp_path_factory.mktemp('stand_in') / 'VOCdevkit'
    write_stand_in(folder)
    return folder


@pytest.fixture
def store(devkit, tmp_path, monkeypatch):
    """A folder with archives of small years, which stand for the official ones."""
    (tmp_path / 'store').mkdir()
    archives = []
    for year in (2007, 2012):
        folder = devkit / f'VOC{year}'
        lists = {p.stem: len(p.read_text().split()) for p in folder.glob('ImageSets/Main/*.txt')}
        path = tmp_path / 'store' / f'{year}.tar'
        with tarfile.open(path, 'w') as archive:
            archive.add(folder, f'VOCdevkit/VOC{year}')
        digest = Digest('md5', hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest())
        archives.append(voc.Archive(year, f'voc{year}/{year}.tar', digest, lists))
    monkeypatch.setattr(voc, 'ARCHIVES', tuple(archives))
    return tmp_path / 'store'


def test_archives_on_disk_become_a_folder_that_the_config_reads(store, tmp_path, capsys):
    out = tmp_path / 'data' / 'VOCdevkit'
    argv = ['voc', '--out', str(out), '--archives', str(store)]
    assert main(argv) == 0
    said = capsys.readouterr().out.splitlines()
    wrote = [line.partition(':')[0] for line in said if line.startswith('wrote')]
    assert wrote == [f'wrote {out / "VOC2007"}', f'wrote {out / "VOC2012"}']
    assert said[-1] == f'use it with --cfg-options data_root={out}'
    words = translate(load(CONFIG, [f'data_root={out}']).cfg)
    require_places(
        (split, VOCPlaces.of(words[f'{split}_dataloader']['dataset']))
        for split in ('train', 'val', 'test')
    )
    assert main(argv) == 0
    assert capsys.readouterr().out.startswith('already there, unchanged: ')


def test_mistakes_exit_with_2(store, tmp_path, capsys):
    (store / '2007.tar').write_bytes(b'x')
    argv = ['voc', '--out', str(tmp_path / 'o'), '--archives', str(store), '--years', '2007']
    assert main(argv) == 2
    assert 'is not the official archive' in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        main([*argv[:-1], '2011'])
    assert caught.value.code == 2


def test_without_a_network_it_says_what_to_do(store, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr('mmholdout.fetch.download.WAIT', 0)
    argv = ['voc', '--out', str(tmp_path / 'o'), '--years', '2007', '--host', 'http://127.0.0.1:9/']
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert 'downloading http://127.0.0.1:9/voc2007/2007.tar' in out
    assert 'cannot be downloaded' in err and '--archives' in err


def test_ctrl_c(store, tmp_path, capsys, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(voc, 'prepare', stop)
    assert main(['voc', '--out', str(tmp_path / 'o')]) == 130
    assert 'the same command goes on from here' in capsys.readouterr().out
