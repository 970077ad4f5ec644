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


@pytest.mark.parametrize(
    ('rows', 'columns', 'box'),
    [
        (40, 60, (40, 0, 200, 240)),  # 160 x 240 in the middle
        (60, 40, (0, 40, 240, 200)),
        (480, 480, (0, 0, 240, 240)),
        (1, 900, (119, 0, 120, 240)),  # a sliver keeps one row
        (900, 1, (0, 119, 240, 120)),
    ],
)
def test_a_picture_lies_in_the_middle_of_its_square(tmp_path, write, pair_of, rows, columns, box):
    path = write('a', {'x': np.full((rows, columns, 3), (10, 20, 250), np.uint8)})['x']
    pair = pair_of(first_path=str(tmp_path / 'none.png'), second_path=str(path))
    write_contact_sheet(tmp_path / 's.png', [pair])
    square = cv2.imread(str(tmp_path / 's.png'))[8:248, 256:496]
    ys, xs = np.nonzero((square == (10, 20, 250)).all(axis=2))
    assert (ys.min(), xs.min(), ys.max() + 1, xs.max() + 1) == box
    assert (square == 200).all(axis=2).sum() == 240 * 240 - len(ys)


def test_forty_pairs_are_enough_where_nothing_is_said(tmp_path, pair_of):
    assert write_contact_sheet(tmp_path / 's.png', [pair_of()] * 41) == 40
    assert cv2.imread(str(tmp_path / 's.png')).shape == (20 * 290, 1008, 3)


@pytest.fixture
def texts(monkeypatch):
    """What is drawn, with its place."""
    drawn = []

    def draw(cell, text, place, *_):
        drawn.append((text, *place))

    monkeypatch.setattr(cv2, 'putText', draw)
    return drawn


def test_captions_stand_below_their_pictures(tmp_path, pair_of, texts):
    write_contact_sheet(tmp_path / 's.png', [pair_of('one', 'two', verdict=None)])
    assert texts == [
        ('train one', 8, 261),
        ('val two', 256, 261),
        ('cropped copy', 8, 276),
    ]


@pytest.mark.parametrize('number', [30, 43, 44, 100, 399])
def test_a_long_name_keeps_its_ends_and_all_that_fits(tmp_path, pair_of, texts, number):
    name = ''.join(chr(ord('a') + i % 26) for i in range(number))
    write_contact_sheet(tmp_path / 's.png', [pair_of(name, 'b')])
    shown, whole = texts[0][0], f'train {name}'[:400]

    def width(text):
        return cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.36, 1)[0][0]

    assert width(shown) <= 240
    if width(whole) <= 240:
        assert shown == whole
        return
    head, tail = shown.split('..')
    assert whole.startswith(head)
    assert whole.endswith(tail)
    assert 0 <= len(tail) - len(head) <= 1
    kept = len(head) + len(tail) + 1  # one more would not fit
    assert width(f'{whole[: kept // 2]}..{whole[len(whole) - (kept - kept // 2) :]}') > 240
