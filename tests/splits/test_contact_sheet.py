"""The sheet shows the pairs, says who they are, and survives whatever the files are called."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mmholdout.splits.contact_sheet import write_contact_sheet


@pytest.fixture
def pairs(write, pair_of):
    """Nine pairs of a red and a blue picture."""
    red, blue = (np.full((40, 60, 3), colour, np.uint8) for colour in ((0, 0, 250), (250, 0, 0)))
    paths = write('a', {'red': red, 'blue': blue})
    return [
        pair_of(f'r{n}', f'b{n}', first_path=str(paths['red']), second_path=str(paths['blue']))
        for n in range(9)
    ]


def test_pictures_lie_side_by_side(tmp_path, pairs):
    assert write_contact_sheet(tmp_path / 's.png', pairs[:1]) == 1
    sheet = cv2.imread(str(tmp_path / 's.png'))
    assert sheet.shape == (290, 504, 3)
    assert sheet[128, 128].tolist() == [0, 0, 250]
    assert sheet[128, 376].tolist() == [250, 0, 0]
    assert (sheet[256:288] < 100).any()  # the captions


@pytest.mark.parametrize(('number', 'height'), [(2, 290), (3, 580), (9, 1450)])
def test_two_columns(tmp_path, pairs, number, height):
    assert write_contact_sheet(tmp_path / 's.png', pairs[:number]) == number
    assert cv2.imread(str(tmp_path / 's.png')).shape == (height, 1008, 3)


def test_no_more_than_asked(tmp_path, pairs):
    assert write_contact_sheet(tmp_path / 's.png', pairs, most=4) == 4
    assert cv2.imread(str(tmp_path / 's.png')).shape == (580, 1008, 3)


def test_no_pairs_no_file(tmp_path):
    assert write_contact_sheet(tmp_path / 's.png', []) == 0
    assert list(tmp_path.iterdir()) == []


def test_captions_differ_with_the_ids(tmp_path, pair_of):
    for name in ('one', 'two'):
        write_contact_sheet(tmp_path / name, [pair_of(name, 'b')])
    assert (tmp_path / 'one').read_bytes() != (tmp_path / 'two').read_bytes()


@pytest.mark.parametrize(
    'name',
    ['../../etc/passwd', '\x1b[2J\n%s%n', '$(touch x)', 'ä漢\u202e', 'w' * 5000, '', '\udc80'],
)
def test_hostile_names_are_inert(tmp_path, pair_of, name):
    pair = pair_of(name, name, first_path=f'{tmp_path}/none.png', second_path=f'{tmp_path}/no.png')
    assert write_contact_sheet(tmp_path / 's.png', [pair]) == 1
    sheet = cv2.imread(str(tmp_path / 's.png'))
    assert sheet.shape == (290, 504, 3)
    assert (sheet[:, -8:] == 255).all()  # nothing runs over the border
    assert list(tmp_path.iterdir()) == [tmp_path / 's.png']


def test_unreadable_pictures_are_grey(tmp_path, pair_of):
    (tmp_path / 'text.png').write_text('no image')
    pair = pair_of(first_path=str(tmp_path / 'text.png'), second_path=str(tmp_path / 'none.png'))
    write_contact_sheet(tmp_path / 's.png', [pair])
    sheet = cv2.imread(str(tmp_path / 's.png'))
    assert (sheet[8:248, 8:248] == 200).all()
    assert (sheet[8:248, 256:496] == 200).all()


def test_an_old_sheet_is_replaced_whole(tmp_path, pairs, monkeypatch):
    write_contact_sheet(tmp_path / 's.png', pairs)
    before = (tmp_path / 's.png').read_bytes()
    monkeypatch.setattr('os.fsync', lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_contact_sheet(tmp_path / 's.png', pairs[:1])
    assert (tmp_path / 's.png').read_bytes() == before
    assert len(list(tmp_path.glob('*.png*'))) == 1


def test_a_missing_folder_is_an_error(tmp_path, pairs):
    with pytest.raises(OSError, match='none'):
        write_contact_sheet(tmp_path / 'none' / 's.png', pairs)
