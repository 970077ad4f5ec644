import os

import pytest

from mmholdout.datasets.voc_files import ANNOTATION_SUFFIXES, IMAGE_SUFFIXES, FilesById

NAMES = (
    'a.jpg', 'B.JPG', 'c.jpeg', 'd.PnG', 'e.bmp', 'f.WEBP', 'x.rf.1c0.jpg', 'two words (1).jpg',
    '2.5.png', 'twice.jpg', 'twice.png', '.DS_Store', 'Thumbs.db', 'a.txt', 'jpg', 'noext',
)  # fmt: skip


@pytest.fixture
def files(tmp_path):
    for name in NAMES:
        (tmp_path / name).touch()
    (tmp_path / '2012').mkdir()
    (tmp_path / '2012' / '000001.jpg').touch()
    return FilesById(tmp_path, IMAGE_SUFFIXES)


@pytest.mark.parametrize(
    ('img_id', 'names'),
    [
        ('a', ['a.jpg']),
        ('B', ['B.JPG']),
        ('b', []),
        ('c', ['c.jpeg']),
        ('d', ['d.PnG']),
        ('e', ['e.bmp']),
        ('f', ['f.WEBP']),
        ('x.rf.1c0', ['x.rf.1c0.jpg']),
        ('x.rf', []),
        ('x', []),
        ('two words (1)', ['two words (1).jpg']),
        ('2.5', ['2.5.png']),
        ('2', []),
        ('twice', ['twice.jpg', 'twice.png']),
        ('2012/000001', ['000001.jpg']),
        ('2013/000001', []),
        ('a.jpg', []),
        ('noext', []),
        ('.DS_Store', []),
    ],
)
def test_the_id_is_exact_and_the_suffix_is_not(files, img_id, names):
    assert [path.name for path in files.find(img_id)] == names


def test_one_listing_of_each_folder(files, monkeypatch):
    listed = []
    real = os.listdir
    monkeypatch.setattr(os, 'listdir', lambda path: listed.append(str(path)) or real(path))
    for img_id in ('a', 'B', 'nothing', '2012/000001', '2012/000002', '2013/1'):
        files.find(img_id)
    assert listed == [str(files.folder), str(files.folder / '2012')]


@pytest.mark.parametrize(
    ('img_id', 'words'),
    [
        ('a.jpg', "no extension: 'a' is there"),
        ('b', "capitals count: 'B' is there"),
        ('nothing', ''),
        ('nothing.jpg', ''),
    ],
)
def test_hints(files, img_id, words):
    hint = files.hint(img_id)
    assert words in hint and bool(words) == bool(hint)


def test_annotations_only(tmp_path):
    for name in ('a.xml', 'b.XML', 'c.json', '.DS_Store'):
        (tmp_path / name).touch()
    files = FilesById(tmp_path, ANNOTATION_SUFFIXES)
    assert [len(files.find(i)) for i in 'abc'] == [1, 1, 0]
