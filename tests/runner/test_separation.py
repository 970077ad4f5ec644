import shutil

import pytest

from mmholdout.errors import DataError
from mmholdout.runner.separation import compare_splits, listed_ids, listed_images


class Dataset:
    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def get_data_info(self, index):
        return dict(zip(('img_id', 'img_path'), self.images[index]))


@pytest.fixture
def splits(tmp_path):
    made = {}
    for split, names in (('train', 'abc'), ('val', 'de')):
        images = []
        for name in names:
            (tmp_path / f'{name}.jpg').write_bytes(name.encode() * 100)
            images.append((name, str(tmp_path / f'{name}.jpg')))
        made[split] = Dataset(images)
    (tmp_path / 'test.txt').write_text('x\ny\n')
    test = {'type': 'VOCDataset', 'data_root': str(tmp_path), 'ann_file': 'test.txt'}
    return made, test, tmp_path


def test_the_ids_of_disjoint_splits(splits):
    datasets, test, _ = splits
    assert compare_splits(datasets, test) == {
        'train': ['a', 'b', 'c'],
        'val': ['d', 'e'],
        'test': ['x', 'y'],
    }


def test_a_shared_id(splits):
    datasets, test, folder = splits
    (folder / 'test.txt').write_text('x\nb\n')
    with pytest.raises(DataError, match="'train' and 'test': b"):
        compare_splits(datasets, test)


def test_the_same_bytes_under_another_id(splits):
    datasets, test, folder = splits
    shutil.copy(folder / 'a.jpg', folder / 'd.jpg')
    with pytest.raises(DataError, match='same bytes'):
        compare_splits(datasets, test)


def test_the_bytes_of_a_test_image(splits):
    datasets, test, folder = splits
    (folder / 'JPEGImages').mkdir()
    shutil.copy(folder / 'a.jpg', folder / 'JPEGImages' / 'x.jpg')
    with pytest.raises(DataError, match=r"'train'.*'test' with the same bytes: a = x"):
        compare_splits(datasets, test)


def test_only_the_list_of_the_test_split_is_read(splits):
    _, test, folder = splits
    assert listed_ids(test) == ['x', 'y']
    (folder / 'test.txt').unlink()
    assert listed_ids(test) == []


@pytest.fixture
def devkit(tmp_path):
    """One id in two roots, and another in the second only."""
    for year, ids in (('VOC2007', 'a'), ('VOC2012', 'ab')):
        (tmp_path / year / 'JPEGImages').mkdir(parents=True)
        (tmp_path / year / 'test').write_text('\n'.join(ids))  # a list of any name
        for i in ids:
            (tmp_path / year / 'JPEGImages' / f'{i}.jpg').write_bytes(f'{year}{i}'.encode())
    return {
        'type': 'VOCDataset',
        'data_root': str(tmp_path),
        'ann_file': ['VOC2007/test', 'VOC2012/test'],
        'data_prefix': {'sub_data_root': ['VOC2007/', 'VOC2012']},
    }


def test_ids_of_several_roots_stay_apart(devkit, tmp_path):
    ids = ['VOC2007/a', 'VOC2012/a', 'VOC2012/b']
    assert listed_ids(devkit) == ids
    assert listed_images(devkit) == {
        i: tmp_path / f'{i.replace("/", "/JPEGImages/")}.jpg' for i in ids
    }


def test_a_part_of_a_list(devkit):
    parts = [listed_ids(devkit | {'part': part}) for part in ({'stop': 0.5}, {'start': 0.5})]
    assert sorted(parts[0] + parts[1]) == listed_ids(devkit)
    assert list(listed_images(devkit | {'part': {'stop': 0.5}})) == parts[0]


def test_an_id_is_the_same_in_a_split_of_one_root_and_in_one_of_two(devkit, tmp_path):
    one = devkit | {'ann_file': 'VOC2012/test', 'data_prefix': {'sub_data_root': 'VOC2012'}}
    train = Dataset([('VOC2012/b', str(tmp_path / 'VOC2012/JPEGImages/b.jpg'))])
    with pytest.raises(DataError, match="'train' and 'test': VOC2012/b"):
        compare_splits({'train': train}, one)


def test_other_readers_lists_are_read_where_they_are_lists(tmp_path):
    (tmp_path / 'test.txt').write_text('a')
    (tmp_path / 'test.json').write_text('{}')
    leaf = {'type': 'CocoDataset', 'data_root': str(tmp_path), 'data_prefix': {'img': 'x'}}
    assert listed_ids(leaf | {'ann_file': 'test.txt'}) == ['a']
    assert listed_ids(leaf | {'ann_file': 'test.json'}) == []
