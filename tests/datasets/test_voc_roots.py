from pathlib import Path

import pytest

from mmholdout.datasets.voc_roots import voc_roots
from mmholdout.errors import ConfigError


@pytest.mark.parametrize(
    ('folder', 'prefix'),
    [
        ('', ''),
        ('.', ''),
        ('./', ''),
        ('VOC2007', 'VOC2007/'),
        ('VOC2007/', 'VOC2007/'),
        ('./VOC2007//', 'VOC2007/'),
        ('devkit/VOC2007', 'devkit/VOC2007/'),
        (r'devkit\VOC2007', 'devkit/VOC2007/'),
        ('/data/VOC2007/', '/data/VOC2007/'),
    ],
)
def test_the_prefix_of_ids_is_the_folder_as_named(folder, prefix):
    [root] = voc_roots('/data', 'train.txt', {'sub_data_root': folder})
    assert root.prefix == prefix


def test_lists_and_folders_are_paired_in_order():
    lists = ['a/train.txt', '/elsewhere/b.txt']
    first, second = voc_roots('/data', lists, {'sub_data_root': ('a', 'b')})
    assert (first.listed, first.list_path, first.folder) == (
        'a/train.txt', Path('/data/a/train.txt'), Path('/data/a'),
    )  # fmt: skip
    assert (second.list_path, second.folder) == (Path('/elsewhere/b.txt'), Path('/data/b'))


@pytest.mark.parametrize('data_root', [None, ''])
@pytest.mark.parametrize('prefix', [None, {}, {'sub_data_root': ''}, {'sub_data_root': ['']}])
def test_one_folder_serves_all_lists(data_root, prefix):
    roots = voc_roots(data_root, ['a.txt', 'b.txt'], prefix)
    assert [(str(r.list_path), str(r.folder), r.prefix) for r in roots] == [
        ('a.txt', '.', ''), ('b.txt', '.', ''),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ('ann_file', 'folders', 'told'),
    [
        (['a', 'b', 'c'], ['x', 'y'], 'ann_file names 3 lists and data_prefix.sub_data_root 2'),
        ('a', ['x', 'y'], 'names 1 lists'),
        ([], '', 'ann_file must be a text or a list of texts, got []'),
        ([1], '', 'got [1]'),
        (None, '', 'got None'),
        ('a', {'x': 1}, 'data_prefix.sub_data_root must be a text'),
    ],
)
def test_what_does_not_fit_together(ann_file, folders, told):
    with pytest.raises(ConfigError) as caught:
        voc_roots('', ann_file, {'sub_data_root': folders})
    assert told in str(caught.value)
