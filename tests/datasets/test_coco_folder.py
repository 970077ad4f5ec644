import json

import pytest

from mmholdout.datasets.coco_folder import coco_folder
from mmholdout.errors import DataError


@pytest.fixture
def folder(tmp_path):
    def make(file, *images):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        entries = [{'id': n, 'file_name': image} for n, image in enumerate(images)]
        path.write_text(json.dumps({'images': entries}))
        return tmp_path

    return make


def put(root, name):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).touch()


@pytest.mark.parametrize(
    ('file', 'image', 'img'),
    [
        ('annotations/train.json', 'train/a.jpg', 'train/'),
        ('annotations/instances_train2017.json', 'train2017/a.jpg', 'train2017/'),
        ('annotations/train.json', 'images/train/a.jpg', 'images/train/'),
        ('annotations/train.json', 'images/a.jpg', 'images/'),
        ('annotations/train.json', 'a.jpg', ''),
        ('train/_annotations.coco.json', 'train/a.jpg', 'train/'),
    ],
)
def test_usual_layouts(folder, file, image, img):
    root = folder(file, 'a.jpg')
    put(root, image)
    assert coco_folder(root) == {'train': {'ann_file': file, 'data_prefix': {'img': img}}}


def test_roboflows_val(folder):
    put(folder('valid/_annotations.coco.json', 'a.jpg'), 'valid/a.jpg')
    assert list(coco_folder(folder('test/_annotations.coco.json'))) == ['val', 'test']


def test_nothing_is_guessed(folder, tmp_path):
    assert coco_folder(tmp_path) == {}
    folder('annotations/instances_val2014.json', 'a.jpg')
    root = folder('annotations/instances_val2017.json', 'a.jpg')
    folder('annotations/train.json', 'a.jpg')
    with pytest.raises(DataError) as caught:
        coco_folder(root)
    nowhere, several = caught.value.problems
    assert 'several annotation files for val' in several and 'are not in' in nowhere
