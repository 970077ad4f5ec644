import json
import shutil

import pytest

from mmholdout.errors import DataError
from mmholdout.runner.separation import check_separation, compare_splits, listed_ids


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


def test_disjoint_splits_are_put_on_record(splits):
    datasets, test, folder = splits
    check_separation(datasets, test, folder / 'splits.json')
    record = json.loads((folder / 'splits.json').read_text())
    assert {k: v['ids'] for k, v in record.items()} == {
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
