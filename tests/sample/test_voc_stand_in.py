import cv2
import defusedxml.ElementTree
import numpy as np
import pytest

from mmholdout.sample import manifest
from mmholdout.sample.voc_stand_in import CLASSES, COUNTS, kinds, write_stand_in
from mmholdout.sample.whole_folder import Outcome


@pytest.fixture(scope='module')
def devkit(tmp_path_factory):
    folder = tmp_path_factory.mktemp('stand-in') / 'VOCdevkit'
    assert write_stand_in(folder) is Outcome.WRITTEN
    return folder


def ids(devkit, year, split):
    return (devkit / year / f'ImageSets/Main/{split}.txt').read_text().split()


def test_the_lists_of_both_years(devkit):
    for name, count in COUNTS.items():
        year, split = name.split('/')
        assert len(ids(devkit, year, split)) == count
    for year in ('VOC2007', 'VOC2012'):
        assert ids(devkit, year, 'trainval') == ids(devkit, year, 'train') + ids(
            devkit, year, 'val'
        )
    assert not (devkit / 'VOC2012/ImageSets/Main/test.txt').exists()
    assert ids(devkit, 'VOC2007', 'train')[0] == '000001'
    assert ids(devkit, 'VOC2012', 'train')[0] == '2008_000001'


def test_no_image_twice_and_each_with_its_annotation(devkit):
    images = sorted(devkit.glob('VOC*/JPEGImages/*.jpg'))
    assert len({path.read_bytes() for path in images}) == len(images) == sum(COUNTS.values())
    names = set()
    for path in images:
        image = cv2.imread(str(path))
        root = defusedxml.ElementTree.parse(
            path.parents[1] / 'Annotations' / f'{path.stem}.xml'
        ).getroot()
        assert image.shape[:2] == tuple(
            int(root.findtext(f'size/{k}')) for k in ('height', 'width')
        )
        for item in root.findall('object'):
            names.add(item.findtext('name'))
            x1, y1, x2, y2 = (
                int(item.findtext(f'bndbox/{k}')) for k in ('xmin', 'ymin', 'xmax', 'ymax')
            )
            assert 1 <= x1 <= x2 <= image.shape[1] and 1 <= y1 <= y2 <= image.shape[0]
    assert names == set(CLASSES) and len(CLASSES) == 20


def test_every_class_looks_its_own_way():
    """Shape or colour differs from every other class's, drawn from one state."""
    patches = [draw(np.random.default_rng(0)) for draw in kinds().values()]
    looks = {(coverage.tobytes(), (colours * 1).tobytes()) for colours, coverage in patches}
    assert len(looks) == 20
    assert all(coverage.min() >= 0 and coverage.max() <= 1 for _, coverage in patches)


def test_twice_is_the_same_and_another_seed_another(devkit, tmp_path):
    assert write_stand_in(devkit) is Outcome.PRESENT
    write_stand_in(tmp_path / 'again')
    assert manifest.digest(tmp_path / 'again') == manifest.digest(devkit)
    write_stand_in(tmp_path / 'other', seed=1)
    assert manifest.digest(tmp_path / 'other') != manifest.digest(devkit)
