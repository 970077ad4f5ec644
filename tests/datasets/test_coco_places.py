from pathlib import Path

import pytest

from mmholdout.datasets.coco_places import COCOPlaces
from mmholdout.datasets.places import require_places
from mmholdout.errors import ConfigError, DataError


def test_file_and_folder():
    words = {'data_root': 'r', 'ann_file': 'a/b.json', 'data_prefix': {'img': 'i/'}}
    places = COCOPlaces.of(words)
    assert (places.file, places.folder) == (Path('r/a/b.json'), Path('r/i'))
    assert places.subject == str(Path('r/a/b.json')) and places == COCOPlaces.of(dict(words))


def test_what_is_missing_is_one_message(tmp_path):
    given = {'data_root': str(tmp_path), 'ann_file': 'a.json', 'data_prefix': {'img': 'i'}}
    with pytest.raises(DataError) as caught:
        require_places([('train', COCOPlaces.of(given)), ('val', COCOPlaces.of({}))])
    unnamed, missing = caught.value.problems
    assert (
        'the dataset of val names no annotations: set ann_file, such as annotations/val' in unnamed
    )
    assert 'a.json (list of train)' in missing and 'i/ (images of train)' in missing


def test_several_files_are_another_data_set():
    with pytest.raises(ConfigError) as caught:
        COCOPlaces.of({'ann_file': ['a.json', 'b.json'], 'data_prefix': {'img': 3}})
    assert len(caught.value.problems) == 2 and 'ConcatDataset' in caught.value.problems[0]
