import pytest

from mmholdout.errors import DataError
from mmholdout.formats.yolo_yaml import read_yolo_yaml

NAMES = 'names: [cat, dog]\n'


@pytest.fixture
def read(tmp_path):
    def _read(text, *folders):
        for folder in folders:
            (tmp_path / 'set' / folder).mkdir(parents=True)
        (tmp_path / 'set').mkdir(exist_ok=True)
        (tmp_path / 'set' / 'data.yaml').write_text(text)
        return read_yolo_yaml(tmp_path / 'set' / 'data.yaml')

    return _read


@pytest.mark.parametrize(
    ('text', 'names'),
    [
        ('names: [cat, dog]', ('cat', 'dog')),
        ('names: {1: dog, 0: cat}', ('cat', 'dog')),
        ("names: {'0': cat}\nnc: 1", ('cat',)),
        ('names: [3, 4]\nnc: 2', ('3', '4')),
        ('names:\n  - " cat "', ('cat',)),
    ],
)
def test_names(read, text, names):
    assert read(text).names == names


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('train: x', 'names is None; a list of class names is needed'),
        ('names: cat', "names is 'cat'"),
        ('names: {0: cat, 2: dog}', 'they must be 0, 1, 2'),
        ('names: [no, yes]', 'holds False, which is no text; put it into quotes'),
        ('names: [cat, cat]', "holds 'cat' more than once"),
        ('names: [cat]\nnc: 2', 'nc is 2, but names has 1: cat'),
        ('names: [cat]\ntrain: 3', 'train holds 3, which is no folder'),
        ('names: [cat]\nval: a\nvalid: b', 'val is named twice'),
        ('names: [cat]\npath: 3', 'path is 3'),
        ('- a', 'keys names, train and val are needed'),
        ('a: [', 'no valid YAML'),
        ('!!python/object/apply:os.system [true]', 'no valid YAML'),
    ],
)
def test_what_is_wrong(read, text, said):
    with pytest.raises(DataError) as caught:
        read(text)
    assert said in str(caught.value) and 'data.yaml' in str(caught.value)


def test_everything_wrong_at_once(read):
    with pytest.raises(DataError) as caught:
        read('names: [a, a]\ntrain: 3\ntest: [4]\npath: 5')
    assert len(caught.value.problems) == 4


def test_a_file_that_is_missing_or_huge(read, tmp_path):
    with pytest.raises(DataError, match='larger than 4 MiB'):
        read(NAMES + '#' * (4 << 20))
    with pytest.raises(DataError, match='cannot read'):
        read_yolo_yaml(tmp_path / 'none.yaml')


def test_places(read, tmp_path):
    text = NAMES + 'path: ../other\ntrain: [images/a, images/b]\nval: val.txt\ntest: /abs/test\n'
    found = read(text, '../other/images/a')
    other = tmp_path / 'other'
    assert found.base == other and found.found.notices == {}
    assert found.splits['train'] == (other / 'images/a', other / 'images/b')
    assert [str(p) for p in found.splits['val'] + found.splits['test']] == [
        str(other / 'val.txt'),
        '/abs/test',
    ]


@pytest.mark.parametrize(
    ('text', 'there', 'taken'),
    [
        ('train: ../train/images', 'train/images', 'train/images'),
        ('path: /home/alice/set\ntrain: images/train', 'images/train', 'images/train'),
        ('path: sub\ntrain: images/train', 'images/train', 'images/train'),
        ('train: images\\train', 'images/train', 'images/train'),
    ],
)
def test_places_that_exporters_get_wrong(read, tmp_path, text, there, taken):
    folders = [there, 'sub'] if 'path: sub' in text else [there]
    found = read(NAMES + text, *folders)
    assert found.splits['train'] == (tmp_path / 'set' / taken,)
    assert bool(found.found.notices) == ('\\' not in text)


def test_a_place_that_is_nowhere_stays_as_it_is_written(read, tmp_path):
    found = read(NAMES + 'train: ../gone')
    assert found.splits == {'train': (tmp_path / 'gone',)} and not found.found.notices


def test_other_names_of_val(read):
    assert list(read(NAMES + 'valid: x\ntrain: y').splits) == ['train', 'val']
