import json

import cv2
import numpy as np
import pytest

from mmholdout.runner import separation_files
from mmholdout.runner.separation import Separation
from mmholdout.runner.separation_files import write_separation
from mmholdout.splits.duplicate_report import NearDuplicate
from mmholdout.splits.record import read_splits


def pairs(folder, count):
    path = folder / 'image.png'
    cv2.imwrite(str(path), np.full((20, 20, 3), 90, np.uint8))
    return [
        NearDuplicate('train', f'a{n}', str(path), 'val', 'b', str(path), kind='altered copy')
        for n in range(count)
    ]


def separation(found=()):
    return Separation({'x': 'ä'}, [], {'train': ['a']}, {'train': ['1' * 64]}, found)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'run').mkdir()
    return tmp_path / 'run'


def test_the_record_and_the_list(folder):
    assert write_separation(folder, separation()) == []
    assert json.loads((folder / 'separation.json').read_text(encoding='utf-8')) == {'x': 'ä'}
    assert read_splits(folder / 'splits.json')['train']['files'] == ['1' * 64]
    assert sorted(p.name for p in folder.iterdir()) == ['separation.json', 'splits.json']


@pytest.mark.parametrize(('count', 'said'), [(2, 'pictures of the near'), (50, 'first 40 of')])
def test_the_sheet(folder, count, said):
    (line,) = write_separation(folder, separation(pairs(folder.parent, count)))
    assert said in line and line.endswith(str(folder / 'near_duplicates.png'))
    assert cv2.imread(str(folder / 'near_duplicates.png')) is not None


def test_a_sheet_of_an_earlier_comparison(folder):
    write_separation(folder, separation(pairs(folder.parent, 1)))
    write_separation(folder, separation(None))  # resumed, nothing compared anew
    assert (folder / 'near_duplicates.png').is_file()
    write_separation(folder, separation())
    assert not (folder / 'near_duplicates.png').exists()


def test_a_run_does_not_fail_for_its_sheet(folder, monkeypatch):
    def full(*_):
        raise OSError('No space left on device')

    monkeypatch.setattr(separation_files, 'write_contact_sheet', full)
    (line,) = write_separation(folder, separation(pairs(folder.parent, 1)))
    assert 'could not be written: No space left' in line
