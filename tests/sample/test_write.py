import cv2
import defusedxml.ElementTree
import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.sample import manifest, write
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


def test_an_identical_set_is_left_alone(tmp_path):
    write_sample(tmp_path / 'set', **SMALL)
    times = {p: p.stat().st_mtime_ns for p in (tmp_path / 'set').rglob('*')}
    for force in (False, True):
        assert write_sample(tmp_path / 'set', **SMALL, force=force) is Outcome.PRESENT
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / 'set').rglob('*')} == times


def test_another_set_is_replaced_only_by_force(written, tmp_path):
    folder = tmp_path / 'set'
    write_sample(folder, seed=1, **SMALL)
    before = files(folder)
    with pytest.raises(DataError, match=r'seed 1, 6 train, 3 val, 2 test.*--force'):
        write_sample(folder, **SMALL)
    assert files(folder) == before
    assert write_sample(folder, **SMALL, force=True) is Outcome.REPLACED
    assert files(folder) == files(written)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_changed_set_is_noticed_and_mended_by_force(written, tmp_path):
    folder = tmp_path / 'set'
    write_sample(folder, **SMALL)
    (folder / 'Annotations/val_0001.xml').write_text('edited')
    with pytest.raises(DataError, match='have been changed'):
        write_sample(folder, **SMALL)
    assert write_sample(folder, **SMALL, force=True) is Outcome.REPLACED
    assert files(folder) == files(written)


@pytest.mark.parametrize('force', [False, True])
def test_any_other_folder_or_file_is_left_alone(force, tmp_path):
    folder = tmp_path / 'photos'
    folder.mkdir()
    (folder / 'holiday.jpg').write_bytes(b'mine')
    file = tmp_path / 'file'
    file.write_text('mine')
    for place in (folder, file):
        with pytest.raises(DataError, match='left alone'):
            write_sample(place, **SMALL, force=force)
    assert files(tmp_path) == {
        folder.relative_to(tmp_path) / 'holiday.jpg': b'mine',
        file.relative_to(tmp_path): b'mine',
    }


def test_an_empty_folder_is_filled_and_parents_are_made(written, tmp_path):
    (tmp_path / 'empty').mkdir()
    for place in (tmp_path / 'empty', tmp_path / 'a/b/c'):
        assert write_sample(place, **SMALL) is Outcome.WRITTEN
        assert files(place) == files(written)


@pytest.mark.parametrize('existing', [False, True])
def test_an_interruption_leaves_what_was_there(existing, tmp_path, monkeypatch):
    folder = tmp_path / 'set'
    if existing:
        write_sample(folder, seed=1, **SMALL)
    before = files(tmp_path)
    calls = []

    def interrupted(rng):
        calls.append(rng)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return original(rng)

    original = write.render
    monkeypatch.setattr(write, 'render', interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_sample(folder, **SMALL, force=True)
    assert files(tmp_path) == before
    assert list(tmp_path.iterdir()) == ([folder] if existing else [])


def test_a_failed_exchange_puts_the_old_set_back(tmp_path, monkeypatch):
    folder = tmp_path / 'set'
    write_sample(folder, seed=1, **SMALL)
    before = files(tmp_path)
    rename = type(folder).rename

    def fails_for_the_new_one(self, target):
        if self.name == 'new':
            raise OSError('disk gone')
        return rename(self, target)

    monkeypatch.setattr(type(folder), 'rename', fails_for_the_new_one)
    with pytest.raises(OSError, match='disk gone'):
        write_sample(folder, **SMALL, force=True)
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [({'train': 0}, 'train split'), ({'val': -1}, 'val split'), ({'seed': -1}, 'seed')],
)
def test_numbers_out_of_range_are_refused(wrong, message, tmp_path):
    with pytest.raises(DataError, match=message):
        write_sample(tmp_path / 'set', **wrong)
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_says_what_is_there(written):
    found = manifest.read(written)
    assert found.same_request(0, SMALL)
    assert found.digest == manifest.digest(written)
