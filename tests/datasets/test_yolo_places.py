import pytest

from mmholdout.datasets.places import require_places
from mmholdout.datasets.yolo_places import YOLOPlaces
from mmholdout.errors import ConfigError, DataError


def places(root, split='train', ann_file='data.yaml'):
    return YOLOPlaces.of({'data_root': str(root), 'ann_file': ann_file, 'split': split})


@pytest.mark.parametrize(
    ('words', 'said'),
    [
        ({'ann_file': 'data.yaml'}, "'train', 'val', 'test'; got None"),
        ({'ann_file': 'data.yaml', 'split': 'tests'}, "got 'tests'. Did you mean 'test'?"),
        ({'ann_file': ['data.yaml'], 'split': 'val'}, 'ann_file must be a text'),
    ],
)
def test_words_that_do_not_fit(words, said):
    with pytest.raises(ConfigError) as caught:
        YOLOPlaces.of(words)
    assert said in str(caught.value)


def test_what_the_file_names_must_be_there(tmp_path):
    (tmp_path / 'data.yaml').write_text('names: [a]\ntrain: images/train\nval: [val.txt]\n')
    with pytest.raises(DataError) as caught:
        require_places([(split, places(tmp_path, split)) for split in ('train', 'val', 'test')])
    text = str(caught.value)
    assert 'images/train/ (images of train)' in text and 'val.txt (list of val)' in text
    assert f'Or correct path, train, val and test in {tmp_path / "data.yaml"}.' in text
    (tmp_path / 'images/train').mkdir(parents=True)
    require_places([('train', places(tmp_path))])


def test_no_file(tmp_path):
    with pytest.raises(DataError) as caught:
        require_places([('val', places(tmp_path)), ('', places(tmp_path, ann_file=''))])
    assert 'data.yaml (list of val)' in str(caught.value)
    assert 'the dataset names no file' in str(caught.value)
    assert 'Or correct' not in str(caught.value)


def test_splits_of_one_file_are_two_places(tmp_path):
    assert places(tmp_path) == places(tmp_path) != places(tmp_path, 'val')
    assert places(tmp_path, 'val').subject == f'{tmp_path / "data.yaml"} (val)'


def test_a_broken_file_is_told_where_it_is_read(tmp_path):
    (tmp_path / 'data.yaml').write_text('names: 3')
    require_places([('train', places(tmp_path))])
    with pytest.raises(DataError, match='a list of class names'):
        places(tmp_path).read()
