from dataclasses import replace

import pytest

from mmholdout.datasets.coco import COCODataset
from mmholdout.errors import DataError
from mmholdout.formats.coco_writer import COCOWriter
from mmholdout.runner.convert import Conversion, convert
from mmholdout.runner.convert_check import open_dataset, require_same


@pytest.fixture(scope='module')
def written(small_sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp('check') / 'coco'
    return folder, convert(small_sample, folder, Conversion('coco')).collection


def test_what_is_as_it_was_meant(written):
    folder, collection = written
    require_same(folder, collection, COCOWriter(), COCODataset)


def shifted(collection, change):
    pictures = list(collection.splits['val'])
    pictures[0] = change(pictures[0])
    return replace(collection, splits={**collection.splits, 'val': pictures})


def first(thing, **words):
    return lambda picture: replace(
        picture, things=(replace(picture.things[0], **words), *picture.things[1:])
    )


@pytest.mark.parametrize(
    'change',
    [
        lambda p: replace(p, width=p.width + 1),
        lambda p: replace(p, name='other.jpg'),
        lambda p: replace(p, things=p.things[1:]),
        lambda p: first(p, label=p.things[0].label ^ 1)(p),
        lambda p: first(p, marks=p.things[0].marks ^ {'difficult'})(p),
        lambda p: first(p, box=(p.things[0].box[0] + 1e-5, *p.things[0].box[1:]))(p),
    ],
)
def test_anything_else_is_found(written, change):
    folder, collection = written
    with pytest.raises(DataError, match='images of val with other objects'):
        require_same(folder, shifted(collection, change), COCOWriter(), COCODataset)


def test_numbers_of_splits_and_images(written):
    folder, collection = written
    less = {**collection.splits, 'train': collection.splits['train'][1:]}
    less.pop('test')
    with pytest.raises(DataError) as caught:
        require_same(folder, replace(collection, splits=less), COCOWriter(), COCODataset)
    text = str(caught.value)
    assert 'splits train, val became train, val, test' in text
    assert '23 images of train became 24' in text


def test_an_open_dataset_has_read_nothing(written):
    words = {'type': 'COCODataset', 'ann_file': 'gone.json', 'metainfo': {'classes': ('a',)}}
    assert open_dataset(words).report.text() == ''
