import cv2
import defusedxml.ElementTree
import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.sample import manifest
from mmholdout.sample.parts import CLASSES
from mmholdout.sample.write import Outcome, write_sample

SMALL = {'train': 6, 'val': 3, 'test': 2}


def files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob('*') if p.is_file()}


def test_the_layout_is_vocs(written):
    ids = {}
    for split, count in SMALL.items():
        ids[split] = (written / f'ImageSets/Main/{split}.txt').read_text().split()
        assert len(ids[split]) == count
    listed = [image_id for split in ids.values() for image_id in split]
    assert len(set(listed)) == 11  # no id in two splits
    assert sorted(p.stem for p in (written / 'JPEGImages').glob('*.jpg')) == sorted(listed)
    for image_id in listed:
        image = cv2.imread(str(written / f'JPEGImages/{image_id}.jpg'))
        root = defusedxml.ElementTree.parse(written / f'Annotations/{image_id}.xml').getroot()
        size = tuple(int(root.findtext(f'size/{k}')) for k in ('height', 'width', 'depth'))
        assert size == image.shape
        assert max(size) <= 160
        assert {item.findtext('name') for item in root.findall('object')} <= set(CLASSES)


def test_images_of_all_splits_differ(written):
    images = [path.read_bytes() for path in (written / 'JPEGImages').iterdir()]
    assert len(set(images)) == len(images)


def test_twice_is_byte_identical(written, tmp_path):
    assert write_sample(tmp_path / 'again', **SMALL) is Outcome.WRITTEN
    assert files(tmp_path / 'again') == files(written)


def test_global_random_state_is_neither_read_nor_moved(written, tmp_path):
    np.random.seed(5)
    before = np.random.get_state()[1].copy()
    write_sample(tmp_path / 'again', **SMALL)
    assert (np.random.get_state()[1] == before).all()
    assert files(tmp_path / 'again') == files(written)


def test_another_seed_gives_other_images(written, tmp_path):
    write_sample(tmp_path / 'other', seed=1, **SMALL)
    one, other = files(written), files(tmp_path / 'other')
    same = [name for name in one if name.suffix == '.jpg' and one[name] == other[name]]
    assert same == []


def test_fewer_training_images_leave_every_other_file_as_it_was(written, tmp_path):
    write_sample(tmp_path / 'cut', **{**SMALL, 'train': 2})
    whole, cut = files(written), files(tmp_path / 'cut')
    changed = {str(name) for name in cut if whole.get(name) != cut[name]}
    assert changed == {'ImageSets/Main/train.txt', 'sample.json'}
    assert (tmp_path / 'cut/ImageSets/Main/train.txt').read_text() == 'train_0000\ntrain_0001\n'


def test_numbers_out_of_range_are_refused(tmp_path):
    for wrong, message in (({'train': 0}, 'train split'), ({'seed': -1}, 'seed')):
        with pytest.raises(DataError, match=message):
            write_sample(tmp_path / 'set', **wrong)
    assert list(tmp_path.iterdir()) == []


def test_another_number_of_images_is_another_set(written, tmp_path):
    write_sample(tmp_path / 'set', **{**SMALL, 'val': 1})
    with pytest.raises(DataError, match=r'seed 0, 6 train, 1 val, 2 test.*--force'):
        write_sample(tmp_path / 'set', **SMALL)
    assert write_sample(tmp_path / 'set', **SMALL, force=True) is Outcome.REPLACED
    assert files(tmp_path / 'set') == files(written)


def test_the_manifest_says_what_is_there(written):
    found = manifest.read(written)
    assert found.same_request(0, SMALL)
    assert found.digest == manifest.digest(written)
