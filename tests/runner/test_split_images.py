import pytest

from mmholdout.errors import DataError
from mmholdout.runner.split_images import (
    SplitImages,
    digest_cache,
    group_mapping,
    ids_are_comparable,
    image_paths,
    images_of_dataset,
    images_of_words,
    listed_ids,
    listed_images,
)


class Dataset:
    """Gives `infos` as mmengine's datasets do."""

    def __init__(self, *infos):
        self.infos = infos

    def __len__(self):
        return len(self.infos)

    def get_data_info(self, index):
        return self.infos[index]


def of(*pairs):
    return Dataset(*({'img_id': i, 'img_path': path} for i, path in pairs))


VOC = {'type': 'VOCDataset', 'data_root': 'data'}
COCO = {'type': 'CocoDataset'}


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


def test_ids_and_files_in_the_order_of_the_dataset():
    found = images_of_dataset(of(('b', 'x/b.jpg'), ('a', 'x/a.jpg'), ('b', 'x/b.jpg')), VOC)
    assert (found.ids, found.unseen) == (['b', 'a'], '')
    assert found.paths == {'b': 'x/b.jpg', 'a': 'x/a.jpg'}
    assert image_paths(of(('b', 'x/b.jpg'))) == {'b': 'x/b.jpg'}


def test_one_id_for_two_images_hides_none():
    """Two roots of a ConcatDataset may use the same names."""
    found = images_of_dataset(of((1, 'x/1.jpg'), (1, 'y/1.jpg'), (2, 'x/2.jpg')), COCO)
    assert found.ids == [1, 1, 2]
    assert found.paths == {1: 'x/1.jpg', '1 (y/1.jpg)': 'y/1.jpg', 2: 'x/2.jpg'}


def test_what_a_dataset_does_not_tell_is_said():
    assert images_of_dataset([1, 2], {'type': 'Mine'}).unseen == (
        'Mine does not say which images it holds'
    )
    some = Dataset({'img_id': 1, 'img_path': 'a.jpg'}, {'img_id': 2}, {})
    found = images_of_dataset(some, {'type': 'Mine'})
    assert (found.ids, found.unseen) == ([1], 'Mine names no file for 2 of its images')


def test_ids_of_several_roots_stay_apart(devkit, tmp_path):
    ids = ['VOC2007/a', 'VOC2012/a', 'VOC2012/b']
    paths = {i: tmp_path / f'{i.replace("/", "/JPEGImages/")}.jpg' for i in ids}
    assert listed_ids(devkit) == ids
    assert listed_images(devkit) == paths
    found = images_of_words({'type': 'ConcatDataset', 'datasets': [devkit]})
    assert (found.ids, found.paths, found.unseen) == (ids, paths, '')


def test_an_id_without_an_image_has_the_place_where_it_would_be(devkit, tmp_path):
    (tmp_path / 'VOC2012/JPEGImages/b.jpg').unlink()
    found = images_of_words(devkit)
    assert found.ids[-1] == 'VOC2012/b'
    assert found.paths['VOC2012/b'] == tmp_path / 'VOC2012/JPEGImages/b'
    assert 'VOC2012/b' not in listed_images(devkit)


def test_a_part_of_a_list(devkit):
    parts = [listed_ids(devkit | {'part': part}) for part in ({'stop': 0.5}, {'start': 0.5})]
    assert sorted(parts[0] + parts[1]) == listed_ids(devkit)
    assert list(listed_images(devkit | {'part': {'stop': 0.5}})) == parts[0]


@pytest.mark.parametrize(
    ('indices', 'ids'),
    [
        (None, [0, 1, 2]),
        (2, [0, 1]),
        (-1, [2]),
        (0, []),
        ([2, 0], [2, 0]),
        ((-1, 7), [2]),
    ],
)
def test_indices_of_a_list(devkit, indices, ids):
    every = listed_ids(devkit)
    assert listed_ids(devkit | {'indices': indices}) == [every[i] for i in ids]


def test_a_list_that_is_elsewhere_is_said(devkit):
    leaf = devkit | {'ann_file': 'later.txt', 'data_prefix': {}}
    found = images_of_words(leaf)
    assert (found.ids, found.unseen) == ([], "VOCDataset lists no ids here ('later.txt')")


def test_other_readers_lists_are_read_where_they_are_lists(tmp_path):
    (tmp_path / 'test.txt').write_text('a')
    (tmp_path / 'test.json').write_text('{}')
    leaf = COCO | {'data_root': str(tmp_path), 'data_prefix': {'img': 'x'}}
    assert listed_ids(leaf | {'ann_file': 'test.txt'}) == ['a']
    assert listed_ids(leaf | {'ann_file': 'test.json'}) == []
    assert 'CocoDataset lists no ids' in images_of_words(leaf | {'ann_file': 'test.json'}).unseen


@pytest.mark.parametrize(
    ('words', 'comparable'),
    [
        ([VOC, VOC], True),
        ([VOC, VOC | {'data_root': './data'}], True),
        ([VOC, VOC | {'data_root': 'other'}], False),
        ([VOC, {'type': 'ConcatDataset', 'datasets': [VOC, VOC | {'data_root': 'o'}]}], False),
        ([COCO, COCO], False),
        ([VOC, COCO], False),
    ],
)
def test_names_are_compared_within_one_folder(words, comparable):
    splits = {str(n): images_of_dataset(of(('a', 'a.jpg')), w) for n, w in enumerate(words)}
    assert ids_are_comparable(splits) == comparable
    assert ids_are_comparable(splits | {'empty': SplitImages()}) == comparable
    assert not ids_are_comparable({})


def test_one_cache_for_the_images_of_a_folder(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    (tmp_path / 'b').mkdir()
    one = SplitImages(['x'], {'x': tmp_path / 'b' / 'x.jpg'})
    other = SplitImages(['y'], {'y': str(tmp_path / 'c' / 'y.jpg')})
    cache = digest_cache({'train': one, 'val': other})
    assert cache == digest_cache({'val': one}) != digest_cache({'val': other})
    assert cache.is_relative_to(tmp_path / 'mmholdout')
    assert digest_cache({'train': SplitImages()}) is None


def test_groups_by_id_or_by_path():
    splits = {
        'train': SplitImages(['v1_a', 'v1_a'], {'v1_a': 'x/p.jpg', 'v1_a (y/p.jpg)': 'y/p.jpg'}),
        'val': SplitImages([1], {1: 'img/v2_b.jpg'}),
    }
    assert group_mapping(splits, r'(v\d)_') == {'v1_a': 'v1', 'v1_a (y/p.jpg)': 'v1', '1': 'v2'}
    assert group_mapping(splits, None) is None
    with pytest.raises(DataError, match=r'1 of 3 image ids have no group'):
        group_mapping(splits, r'^(v\d)_')
