import pytest

from mmholdout.datasets.places import require_places
from mmholdout.datasets.voc_places import VOCPlaces
from mmholdout.errors import DataError


def message(*datasets):
    with pytest.raises(DataError) as caught:
        require_places(datasets)
    return str(caught.value)


def test_a_split_without_a_list(tmp_path):
    places = VOCPlaces.of({'data_root': str(tmp_path)})
    assert 'the dataset of val names no list of images' in message(('val', places))
    assert 'ImageSets/Main/train.txt' in message(('', places))


def test_other_names_of_the_subfolders(tmp_path):
    (tmp_path / 'train.txt').write_text('a\n')
    words = {
        'data_root': str(tmp_path),
        'ann_file': 'train.txt',
        'img_subdir': 'images',
        'ann_subdir': 'xml',
    }
    assert message(('', VOCPlaces.of(words))).splitlines()[1:3] == [
        '  xml/ (annotations)',
        '  images/ (images)',
    ]


def test_equal_words_are_equal_places():
    words = {'data_root': 'a', 'ann_file': ['x.txt', 'y.txt']}
    assert VOCPlaces.of(words) == VOCPlaces.of(dict(words)) != VOCPlaces.of({'ann_file': 'x.txt'})
    assert VOCPlaces.of(words).subject == 'a/x.txt, a/y.txt'
