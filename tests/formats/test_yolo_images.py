from pathlib import Path

import pytest

from mmholdout.errors import DataError
from mmholdout.formats.found import Found
from mmholdout.formats.yolo_images import images_of, label_path


@pytest.fixture
def folder(tmp_path):
    for name in ('b.jpg', 'a.PNG', 'sub/c.jpeg', 'notes.txt', '.hidden.jpg'):
        path = tmp_path / 'images' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def names(paths, base):
    return [path.relative_to(base).as_posix() for path in paths]


def test_a_folder_by_name_with_subfolders(folder):
    found = images_of((folder / 'images',), folder, Found())
    assert names(found, folder) == ['images/a.PNG', 'images/b.jpg', 'images/sub/c.jpeg']


def test_a_list_in_its_order(folder):
    (folder / 'lists').mkdir()
    text = '\ufeff./../images/b.jpg\r\nimages\\a.PNG\n\n' + str(folder / 'images/sub/c.jpeg')
    (folder / 'lists/train.txt').write_text(text)
    found = images_of((folder / 'lists/train.txt',), folder, Found())
    assert names(found, folder) == ['images/b.jpg', 'images/a.PNG', 'images/sub/c.jpeg']


def test_twice_is_once_and_told(folder):
    (folder / 'train.txt').write_text('images/b.jpg\nimages/b.jpg\n')
    found = Found()
    assert len(images_of((folder / 'images', folder / 'train.txt'), folder, found)) == 3
    assert [len(examples) for examples in found.notices.values()] == [2]


def test_lines_that_name_no_image(folder):
    (folder / 'train.txt').write_text('images/b.jpg\nimages/b\n0 0.5 0.5 1 1\n')
    found = Found()
    assert len(images_of((folder / 'train.txt',), folder, found)) == 1
    ((kind, examples),) = found.problems.items()
    assert 'name no image' in kind and 'line 2' in examples[0] and len(examples) == 2


def test_lists_that_cannot_be_read(folder):
    (folder / 'bad.txt').write_bytes(b'\xff\xfe')
    for name, said in (('bad.txt', 'not UTF-8'), ('none.txt', 'cannot read')):
        with pytest.raises(DataError, match=said):
            images_of((folder / name,), folder, Found())


@pytest.mark.parametrize(
    ('image', 'label'),
    [
        ('set/images/train/a.b.jpg', 'set/labels/train/a.b.txt'),
        ('images/images/a.jpg', 'images/labels/a.txt'),
        ('set/pictures/a.jpg', 'set/pictures/a.txt'),
        ('set/my_images/images.jpg', 'set/my_images/images.txt'),
    ],
)
def test_where_labels_are(image, label):
    assert label_path(Path(image)) == Path(label)
