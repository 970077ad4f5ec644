import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from mmholdout.errors import ConfigError, DataError
from mmholdout.runner.convert import Conversion, convert
from mmholdout.runner.data_sources import sources_of
from mmholdout.runner.parts import build_dataset


@pytest.fixture
def data(small_sample, tmp_path):
    return Path(shutil.copytree(small_sample, tmp_path / 'data'))


def objects(folder, classes=None):
    """Split -> for each image its size and (label, box, ignored) of its objects, in order."""
    found = {}
    for split, (words,) in sources_of(folder).items():
        given = {'metainfo': {'classes': classes}} if classes else {}
        dataset = build_dataset(words | given | {'test_mode': True, 'pipeline': []})
        infos = [dataset.get_data_info(i) for i in range(len(dataset))]
        found[split] = [
            (i['width'], i['height'], [tuple(o.values()) for o in i['instances']]) for i in infos
        ]
    return found


@pytest.mark.guarantee
def test_there_and_back_over_all_formats(data, tmp_path):
    before = objects(data)
    done = convert(data, tmp_path / 'coco', Conversion('coco'))
    assert objects(tmp_path / 'coco') == before
    assert done.collection.classes == ('battery', 'nut', 'screw', 'washer')
    convert(tmp_path / 'coco', tmp_path / 'voc', Conversion('voc'))
    assert objects(tmp_path / 'voc') == before
    for path in (data / 'ImageSets/Main').iterdir():
        assert (tmp_path / 'voc/ImageSets/Main' / path.name).read_text() == path.read_text()
    convert(tmp_path / 'voc', tmp_path / 'yolo', Conversion('yolo', drop_ignored=True))
    convert(tmp_path / 'yolo', tmp_path / 'last', Conversion('voc'))
    counted = {
        split: [(w, h, [o for o in found if not o[2]]) for w, h, found in images]
        for split, images in before.items()
    }
    assert objects(tmp_path / 'last') == counted


def test_what_yolo_cannot_hold_is_counted(data, tmp_path):
    difficult = sum(o[2] for split in objects(data).values() for i in split for o in i[2])
    done = convert(data, tmp_path / 'yolo', Conversion('yolo'))
    assert f'difficult: {difficult} objects' in done.losses[0] and difficult > 0
    assert any(loss.startswith('truncated: ') for loss in done.losses)
    left = convert(data, tmp_path / 'less', Conversion('yolo', drop_ignored=True))
    assert left.dropped == difficult and 'difficult' not in ' '.join(left.losses)


def test_flags_survive_voc_to_coco_to_voc(data, tmp_path):
    convert(data, tmp_path / 'coco', Conversion('coco'))
    convert(tmp_path / 'coco', tmp_path / 'voc', Conversion('voc'))
    for tag in ('<truncated>1<', '<difficult>1<'):
        counts = [
            sum(p.read_text().count(tag) for p in (root / 'Annotations').iterdir())
            for root in (data, tmp_path / 'voc')
        ]
        ids = {i for p in (data / 'ImageSets/Main').iterdir() for i in p.read_text().split()}
        counts[0] = sum((data / f'Annotations/{i}.xml').read_text().count(tag) for i in ids)
        assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(('images', 'same'), [('link', True), ('copy', False)])
def test_images(data, tmp_path, images, same):
    convert(data, tmp_path / 'coco', Conversion('coco', images=images))
    first = (data / 'ImageSets/Main/val.txt').read_text().split()[0]
    source, copy = data / f'JPEGImages/{first}.jpg', tmp_path / f'coco/val/{first}.jpg'
    assert source.read_bytes() == copy.read_bytes() and source.samefile(copy) == same


def test_a_disk_without_hard_links_is_said_and_nothing_stays(data, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(18, 'Invalid cross-device link')

    monkeypatch.setattr(os, 'link', fail)
    with pytest.raises(DataError, match='Invalid cross-device link; --images copy copies instead'):
        convert(data, tmp_path / 'coco', Conversion('coco'))
    assert sorted(path.name for path in tmp_path.iterdir()) == ['data']


def test_nothing_is_overwritten(data, tmp_path):
    (tmp_path / 'there').mkdir()
    convert(data, tmp_path / 'there', Conversion('coco'))
    for out in ('there', 'data'):
        with pytest.raises(DataError, match='is there already and is left alone'):
            convert(data, tmp_path / out, Conversion('yolo'))


@pytest.mark.parametrize(
    ('words', 'said'),
    [
        ({'to': 'voc'}, 'is in the format voc already'),
        ({'to': 'vocc'}, "no format 'vocc'"),
        ({'to': 'coco', 'classes': ['nut']}, 'missing: battery, screw, washer'),
        (
            {'to': 'coco', 'classes': ['nut', 'nut', 'battery', 'screw', 'washer']},
            'each class once',
        ),
    ],
)
def test_arguments_that_do_not_fit(data, tmp_path, words, said):
    with pytest.raises(ConfigError) as caught:
        convert(data, tmp_path / 'out', Conversion(**words))
    assert said in str(caught.value) and not (tmp_path / 'out').exists()


def test_the_order_of_classes(data, tmp_path):
    order = ('washer', 'nut', 'battery', 'screw', 'bolt')
    done = convert(data, tmp_path / 'yolo', Conversion('yolo', classes=order))
    assert done.collection.classes == order
    names = ('battery', 'nut', 'screw', 'washer')
    assert np.all(
        [o[1] for i in objects(tmp_path / 'yolo')['val'] for o in i[2]]
        == np.array([order.index(names[o[1]]) for i in objects(data)['val'] for o in i[2]])
    ), 'labels follow the order'


def test_defects_stop_it_and_mended_boxes_are_told(data, tmp_path):
    first = (data / 'ImageSets/Main/val.txt').read_text().split()[0]
    path = data / f'Annotations/{first}.xml'
    text = path.read_text()
    path.write_text(text.replace('<xmax>', '<xmax>9', 1))
    done = convert(data, tmp_path / 'coco', Conversion('coco'))
    assert any('clipped' in report for report in done.reports)
    path.write_text(text.replace('</name>', '</wrong>', 1))
    with pytest.raises(DataError, match='annotations that cannot be used'):
        convert(data, tmp_path / 'yolo', Conversion('yolo'))
    assert not (tmp_path / 'yolo').exists()


def test_one_name_in_two_splits_and_one_stem_twice(data, tmp_path):
    convert(data, tmp_path / 'coco', Conversion('coco'))
    for split in ('train', 'val'):
        folder, file = tmp_path / 'coco' / split, tmp_path / f'coco/annotations/{split}.json'
        first = sorted(folder.iterdir())[0]
        first.rename(folder / 'same.jpg')
        file.write_text(file.read_text().replace(first.name, 'same.jpg'))
    before = objects(tmp_path / 'coco')
    convert(tmp_path / 'coco', tmp_path / 'voc', Conversion('voc'))
    assert objects(tmp_path / 'voc') == before
    assert (tmp_path / 'voc/Annotations/val/same.xml').is_file()
    first = sorted((tmp_path / 'coco/train').iterdir())[-1]
    first.rename(first.with_name('same.png'))
    file = tmp_path / 'coco/annotations/train.json'
    file.write_text(file.read_text().replace(first.name, 'same.png'))
    with pytest.raises(DataError, match=r'images of train would share one file in yolo: same\.'):
        convert(tmp_path / 'coco', tmp_path / 'yolo', Conversion('yolo'))


def test_a_config_with_its_order_of_classes(small_config, tmp_path):
    done = convert(small_config(), tmp_path / 'yolo', Conversion('yolo'))
    assert done.collection.classes == ('screw', 'nut', 'washer', 'battery')
    extra = "val_dataloader['dataset'].update(indices=3)"
    with pytest.raises(ConfigError, match='indices'):
        convert(small_config(extra), tmp_path / 'other', Conversion('yolo'))
