import cv2
import defusedxml.ElementTree
import numpy as np
import pytest

from mmholdout.sample.scene import Part, Scene
from mmholdout.sample.voc_folder import make_folders, put_list, put_scene


@pytest.fixture
def folder(tmp_path):
    make_folders(tmp_path / 'voc')
    return tmp_path / 'voc'


def test_image_annotation_and_list(folder):
    pixels = np.full((20, 30, 3), 90, np.uint8)
    part = Part('nut', (0, 1, 9, 10), difficult=True, truncated=False)
    put_scene(folder, 'a.b', Scene(pixels, (part,)))
    put_list(folder, 'val', ['a.b', 'c'])
    assert cv2.imread(str(folder / 'JPEGImages/a.b.jpg')).shape == (20, 30, 3)
    root = defusedxml.ElementTree.parse(folder / 'Annotations/a.b.xml').getroot()
    assert root.findtext('filename') == 'a.b.jpg'
    sides = [root.findtext(f'object/bndbox/{k}') for k in ('xmin', 'ymin', 'xmax', 'ymax')]
    assert sides == ['1', '2', '10', '11']  # VOC counts from 1
    assert (folder / 'ImageSets/Main/val.txt').read_text() == 'a.b\nc\n'


def test_a_folder_that_is_there_is_not_used(folder):
    with pytest.raises(FileExistsError):
        make_folders(folder)


def test_an_image_that_cannot_be_encoded(folder, monkeypatch):
    monkeypatch.setattr(cv2, 'imencode', lambda *_: (False, None))
    with pytest.raises(RuntimeError, match='encode x'):
        put_scene(folder, 'x', Scene(np.zeros((4, 4, 3), np.uint8), ()))
