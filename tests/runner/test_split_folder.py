import shutil

import pytest

from mmholdout.errors import ConfigError, DataError
from mmholdout.runner.split_folder import LISTS, split_folder
from mmholdout.sample.write import write_sample

RATIOS = {'train': 0.6, 'val': 0.2, 'test': 0.2}


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))


@pytest.fixture
def folder(tmp_path):
    """Twenty annotated images and no lists."""
    root = tmp_path / 'data'
    write_sample(root, train=12, val=4, test=4)
    shutil.rmtree(root / 'ImageSets')
    return root


def lists(root):
    return {path.stem: path.read_text().split() for path in (root / LISTS).glob('*.txt')}


def copy(root, old, new):
    for path in [*root.glob(f'Annotations/{old}.*'), *root.glob(f'JPEGImages/{old}.*')]:
        shutil.copy(path, path.with_name(new + path.suffix))


def test_every_image_is_in_one_split(folder):
    made = split_folder(folder, RATIOS, look_for_duplicates=False)
    drawn = lists(folder)
    assert {name: len(ids) for name, ids in drawn.items()} == {'train': 12, 'val': 4, 'test': 4}
    every = [i for ids in drawn.values() for i in ids]
    assert sorted(every) == sorted(path.stem for path in (folder / 'Annotations').iterdir())
    assert made.table()[0] == ('images', [12, 4, 4])
    assert made.duplicates is None


def test_the_seed_decides(folder):
    first, again, other = [], [], []
    for seed, into in ((0, first), (0, again), (1, other)):
        split_folder(folder, RATIOS, seed=seed, look_for_duplicates=False, force=True)
        into.append(lists(folder))
    assert first == again
    assert first != other


def test_copies_and_groups_are_not_separated(folder):
    names = sorted(path.stem for path in (folder / 'Annotations').iterdir())
    copies = [(name, f'{name}_copy') for name in names[:6]]
    for pair in copies:
        copy(folder, *pair)
    made = split_folder(folder, RATIOS)
    where = {i: split for split, ids in lists(folder).items() for i in ids}
    assert all(where[a] == where[b] for a, b in copies)
    assert len(made.duplicates.pairs) >= 6
    split_folder(folder, RATIOS, group=r'(\d)(_copy)?$', look_for_duplicates=False, force=True)
    where = {i: split for split, ids in lists(folder).items() for i in ids}
    last_digits = {}
    for i, split in where.items():
        last_digits.setdefault(i.removesuffix('_copy')[-1], set()).add(split)
    assert all(len(splits) == 1 for splits in last_digits.values())


def test_lists_that_are_there_stay(folder):
    split_folder(folder, RATIOS, look_for_duplicates=False)
    before = lists(folder)
    with pytest.raises(DataError, match=r'already there.*--force'):
        split_folder(folder, RATIOS, seed=1, look_for_duplicates=False)
    assert lists(folder) == before


def test_all_that_is_wrong_with_the_files_is_said_and_nothing_written(folder):
    names = sorted(path.stem for path in (folder / 'Annotations').iterdir())
    (folder / 'Annotations' / f'{names[0]}.xml').write_text('<annotation>')
    next(folder.glob(f'JPEGImages/{names[1]}.*')).unlink()
    (folder / 'Annotations' / '.DS_Store').write_text('')
    with pytest.raises(DataError) as caught:
        split_folder(folder, RATIOS, look_for_duplicates=False)
    assert len(caught.value.problems) == 2
    assert not (folder / 'ImageSets').exists()
    with pytest.raises(DataError, match='lacks Annotations/ and JPEGImages/'):
        split_folder(folder / 'nothing', RATIOS)


def test_ratios_and_patterns_that_cannot_be(folder):
    with pytest.raises(ConfigError, match='1 in sum'):
        split_folder(folder, {'train': 0.5, 'val': 0.2}, look_for_duplicates=False)
    with pytest.raises(ConfigError, match='no regular expression'):
        split_folder(folder, RATIOS, group='(', look_for_duplicates=False)
    assert not (folder / 'ImageSets').exists()
