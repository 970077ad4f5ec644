import shutil

import pytest

from mmholdout.errors import ConfigError, DataError
from mmholdout.runner.fold_folder import fold_folder
from mmholdout.runner.split_folder import LISTS, split_folder
from mmholdout.sample.write import write_sample


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))


@pytest.fixture(scope='module')
def _folder(tmp_path_factory):
    root = tmp_path_factory.mktemp('folds') / 'data'
    write_sample(root, train=12, val=4, test=4)
    shutil.rmtree(root / 'ImageSets')
    return root


@pytest.fixture
def folder(_folder, tmp_path):
    """Twenty annotated images and no lists."""
    return shutil.copytree(_folder, tmp_path / 'data')


def draw(folder, count=3, **options):
    return fold_folder(folder, count, look_for_duplicates=False, **options)


def lists(root):
    return {path.stem: path.read_text().split() for path in (root / LISTS).glob('*.txt')}


def check_folds(drawn, count, pool):
    """Each image in val exactly once, and in train of all other folds."""
    val = [drawn[f'fold{k}_val'] for k in range(count)]
    assert sorted(i for ids in val for i in ids) == sorted(pool)
    for k in range(count):
        assert sorted([*drawn[f'fold{k}_train'], *val[k]]) == sorted(pool)
    sizes = [len(ids) for ids in val]
    assert max(sizes) - min(sizes) <= 2


@pytest.mark.parametrize('count', [2, 3, 5])
def test_each_image_is_validated_once(folder, count):
    made = draw(folder, count)
    drawn = lists(folder)
    every = sorted(path.stem for path in (folder / 'Annotations').iterdir())
    assert (
        sorted([*drawn['test'], *(i for k in range(count) for i in drawn[f'fold{k}_val'])]) == every
    )
    check_folds(drawn, count, set(every) - set(drawn['test']))
    assert made.test_drawn and len(drawn) == 2 * count + 1
    assert made.table()[0][1] == [len(drawn[f'fold{k}_val']) for k in range(count)] + [
        len(drawn['test'])
    ]


def test_lists_that_are_there_are_the_frame(folder):
    """Test stays to the byte, and an image that no list names is in no fold."""
    split_folder(folder, {'train': 0.6, 'val': 0.2, 'test': 0.2}, look_for_duplicates=False)
    path = folder / LISTS / 'test.txt'
    path.write_text(path.read_text().replace('\n', '\r\n'))
    before = {p.name: p.read_bytes() for p in (folder / LISTS).iterdir()}
    left_out = lists(folder)['train'][0]
    train = folder / LISTS / 'train.txt'
    train.write_text(train.read_text().replace(f'{left_out}\n', ''))
    before['train.txt'] = train.read_bytes()
    made = draw(folder)
    drawn = lists(folder)
    assert not made.test_drawn
    assert {n: (folder / LISTS / n).read_bytes() for n in before} == before
    check_folds(drawn, 3, drawn['train'] + drawn['val'])


def test_only_a_test_list_is_there(folder):
    (folder / LISTS).mkdir(parents=True)
    names = sorted(path.stem for path in (folder / 'Annotations').iterdir())
    (folder / LISTS / 'test.txt').write_text('\n'.join(names[:5]))
    draw(folder)
    check_folds(lists(folder), 3, names[5:])


def test_train_and_val_without_test_stay_without(folder):
    split_folder(folder, {'train': 0.8, 'val': 0.2}, look_for_duplicates=False)
    made = draw(folder)
    assert not made.test_drawn and not made.test
    assert not (folder / LISTS / 'test.txt').exists()
    draw(folder, test_share=0.3, force=True)
    assert len(lists(folder)['test']) == 6


def test_the_seed_decides(folder):
    drawn = []
    for seed in (0, 0, 1):
        shutil.rmtree(folder / 'ImageSets', ignore_errors=True)
        draw(folder, seed=seed)
        drawn.append(lists(folder))
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_draw_with_fewer_folds_leaves_none_of_the_old_ones(folder):
    draw(folder, 5)
    test = (folder / LISTS / 'test.txt').read_bytes()
    before = lists(folder)
    with pytest.raises(DataError, match=r'fold0_train\.txt.*already there.*--force'):
        draw(folder, 3, seed=1)
    assert lists(folder) == before
    draw(folder, 3, seed=1, force=True)
    assert sorted(lists(folder)) == [
        *(f'fold{k}_{s}' for k in range(3) for s in ('train', 'val')),
        'test',
    ]
    assert (folder / LISTS / 'test.txt').read_bytes() == test  # --force is for the folds alone


def test_copies_and_groups_are_not_separated(folder):
    names = sorted(path.stem for path in (folder / 'Annotations').iterdir())
    for name in names[:4]:
        for path in [*folder.glob(f'Annotations/{name}.*'), *folder.glob(f'JPEGImages/{name}.*')]:
            shutil.copy(path, path.with_name(f'{name}_copy{path.suffix}'))
    fold_folder(folder, 3)
    where = place(folder)
    assert all(where[name] == where[f'{name}_copy'] for name in names[:4])
    shutil.rmtree(folder / 'ImageSets')
    draw(folder, group=r'(\d)(_copy)?$')
    where = place(folder)
    digits = {}
    for name, fold in where.items():
        if fold != 'test':
            digits.setdefault(name.removesuffix('_copy')[-1], set()).add(fold)
    assert all(len(folds) == 1 for folds in digits.values())


def place(folder):
    drawn = lists(folder)
    return {i: n for n, ids in drawn.items() if n.endswith('_val') or n == 'test' for i in ids}


def test_a_group_that_reaches_into_a_fixed_test_list_is_refused(folder):
    (folder / LISTS).mkdir(parents=True)
    names = sorted(path.stem for path in (folder / 'Annotations').iterdir())
    (folder / LISTS / 'test.txt').write_text(names[0])
    with pytest.raises(DataError, match="is in both 'test'"):
        draw(folder, group=r'^([a-z]+)')
    assert set(lists(folder)) == {'test'}


@pytest.mark.parametrize(
    ('write', 'said'),
    [
        ({'test': 'nobody'}, 'test.txt: 1 of its 1 images are not among the annotated images'),
        ({'train': 'a', 'val': 'b'}, 'train.txt: 1 of its 1'),
    ],
)
def test_lists_that_name_nothing(folder, write, said):
    (folder / LISTS).mkdir(parents=True)
    for name, text in write.items():
        (folder / LISTS / f'{name}.txt').write_text(text)
    with pytest.raises(DataError, match=said):
        draw(folder)


def test_what_cannot_be(folder):
    with pytest.raises(ConfigError, match='at least 2, got 1'):
        draw(folder, 1)
    with pytest.raises(DataError, match='cannot fill 50 splits'):
        draw(folder, 50)
    assert not (folder / 'ImageSets').exists()
    draw(folder)
    with pytest.raises(ConfigError, match='no share of test can be drawn'):
        draw(folder, test_share=0.2, force=True)


def test_an_image_in_two_lists_is_refused(folder):
    split_folder(folder, {'train': 0.6, 'val': 0.2, 'test': 0.2}, look_for_duplicates=False)
    shutil.copy(folder / LISTS / 'test.txt', folder / LISTS / 'val.txt')
    with pytest.raises(DataError, match=r'4 images of train.txt or val.txt are in test.txt too'):
        draw(folder)
