import json

import numpy as np
import pytest

from mmholdout.errors import DataError


@pytest.fixture
def coco(tmp_path, parts):
    """Makes a data set of files; an object is (image, category, x, y, width, height)."""

    def make(*objects, images=('a.jpg', 'b.jpg'), missing=(), more=None, **words):
        from mmholdout.datasets.coco import COCODataset

        (tmp_path / 'images').mkdir(exist_ok=True)
        for name in set(images) - set(missing):
            (tmp_path / 'images' / name).write_bytes(parts.image())
        entries = [
            {'id': n, 'image_id': image, 'category_id': category, 'bbox': box} | (more or {})
            for n, (image, category, *box) in enumerate(objects, 1)
        ]
        content = {
            'images': [
                {'id': 10 + n, 'file_name': name, 'width': 64, 'height': 48}
                for n, name in enumerate(images)
            ],
            'annotations': entries,
            'categories': [{'id': 1, 'name': 'white'}, {'id': 2, 'name': 'red'}],
        }
        (tmp_path / 'train.json').write_text(json.dumps(content))
        defaults = {
            'ann_file': 'train.json',
            'data_root': str(tmp_path),
            'data_prefix': {'img': 'images/'},
            'metainfo': {'classes': ('red', 'white')},
        }
        return COCODataset(**defaults | words)

    return make


def boxes(dataset, index=0):
    return [
        (i['bbox_label'], i['bbox'], i['ignore_flag'])
        for i in dataset.get_data_info(index)['instances']
    ]


def test_labels_are_by_name_and_ids_are_the_files(coco, tmp_path):
    dataset = coco((10, 2, 1, 2, 3, 4), (11, 1, 0, 0, 64, 48))
    assert boxes(dataset) == [(0, [1, 2, 4, 6], 0)] and boxes(dataset, 1) == [
        (1, [0, 0, 64, 48], 0)
    ]
    info = dataset.get_data_info(1)
    assert (info['img_id'], info['img_path']) == (11, str(tmp_path / 'images' / 'b.jpg'))
    assert dataset.report.text() == ''


@pytest.mark.parametrize('more', [{'iscrowd': 1}, {'ignore': 1}, {'difficult': 1}])
def test_crowds_are_ignored_but_no_targets(coco, more):
    assert boxes(coco((10, 2, 1, 2, 9, 9), more=more)) == [(0, [1, 2, 10, 11], 1)]
    assert boxes(coco((10, 2, 1, 2, 9, 9), more=more, difficult='train'))[0][2] == 0


@pytest.mark.parametrize(
    ('box', 'kind', 'kept'),
    [
        ((1, 2, 0, 4), 'without area', []),
        ((9, 2, -3, 4), 'inverted', []),
        ((70, 2, 3, 4), 'outside the image', []),
        ((float('nan'), 2, 3, 4), 'no finite number', []),
        ((1, 2, 0.5, 4), 'less than 1 px', []),
        ((-2, 2, 9, 50), 'beyond the image, clipped', [[0, 2, 7, 48]]),
    ],
)
def test_boxes_are_mended_as_vocs_are(coco, box, kind, kept):
    dataset = coco((10, 2, *box))
    assert [found for _, found, _ in boxes(dataset)] == kept
    (said,) = dataset.report.notices
    assert kind in said and 'one_based' not in said
    assert "train.json image 10 (a.jpg) object 1 'red'" in dataset.report.notices[said][0]
    with pytest.raises(DataError, match=r'strict=True'):
        coco((10, 2, *box), strict=True)


def test_empty_images_are_kept_as_negatives(coco):
    dataset = coco((10, 2, 1, 2, 3, 4))
    assert len(dataset) == 2
    assert dataset.report.facts[-1] == 'images without objects, kept as negatives: 1 (11)'
    assert len(coco((10, 2, 1, 2, 3, 4), filter_cfg={'filter_empty_gt': True})) == 1


def test_all_that_is_wrong_is_one_message(coco, tmp_path):
    with pytest.raises(DataError) as caught:
        coco((10, 2, 1, 2, 3, 4), (99, 2, 1, 2, 3, 4), (10, 9, 1, 2, 3, 4), missing=['b.jpg'])
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    assert '1 x listed images that are not in' in text and "'b.jpg'" in text
    assert 'annotation 2 of image 99' in text and 'category 9' in text


def test_a_category_that_is_no_class(coco):
    with pytest.raises(DataError, match=r"'white': 1 objects, first in train.json image 10"):
        coco((10, 1, 1, 2, 3, 4), metainfo={'classes': ('red',)})
    dataset = coco((10, 1, 1, 2, 3, 4), metainfo={'classes': ('red',)}, ignore_classes=['white'])
    assert boxes(dataset) == []


def test_the_images_own_size_counts(coco, parts, tmp_path):
    (tmp_path / 'images').mkdir()
    (tmp_path / 'images' / 'c.jpg').write_bytes(parts.image(100, 80))
    dataset = coco((10, 2, 1, 2, 90, 4), images=['c.jpg'], missing=['c.jpg'])
    assert dataset.get_data_info(0)['width'] == 100 and boxes(dataset)[0][1] == [1, 2, 91, 6]
    (said,) = dataset.report.notices
    assert "width or height of the file is not the image's" in said


def test_no_images(coco):
    with pytest.raises(DataError, match='the file lists no images'):
        coco(images=())


def test_a_part_is_drawn_by_file_name(coco):
    names = [f'{n}.jpg' for n in range(12)]
    parts = [{'start': 0.0, 'stop': 0.5}, {'start': 0.5, 'stop': 1.0}]
    ids = [
        {d.get_data_info(i)['img_id'] for i in range(len(d))}
        for p in parts
        for d in [coco(images=names, part=p)]
    ]
    assert not ids[0] & ids[1] and len(ids[0] | ids[1]) == 12
    words = {'data_root': coco(images=names).data_root, 'ann_file': 'train.json', 'part': parts[0]}
    words['data_prefix'] = {'img': 'images'}
    listed = list(type(coco()).listed(words | {'ann_file': 'train.json'}))
    assert all(there for _, _, there in listed)


def test_headers_come_from_the_index(coco, own_cache, monkeypatch, tmp_path):
    from mmholdout.datasets import voc_index

    monkeypatch.setattr(voc_index, 'WORTH', 1)
    monkeypatch.setattr(voc_index, 'SETTLED_NS', -(10**12))
    coco((10, 2, 1, 2, 3, 4))
    assert len(list((own_cache / 'mmholdout/index').iterdir())) == 1
    monkeypatch.setattr(voc_index, 'read_header', None)
    with pytest.raises(TypeError):
        coco((10, 2, 1, 2, 3, 4), use_index=False)


@pytest.mark.guarantee
def test_sound_files_are_read_as_mmdet_reads_them(coco, tmp_path):
    from mmdet.datasets import CocoDataset

    rng = np.random.default_rng(0)
    objects = []
    for _ in range(60):
        x, y = int(rng.integers(0, 50)), int(rng.integers(0, 40))
        sides = float(rng.uniform(1, 64 - x)), float(rng.uniform(1, 48 - y))
        objects.append((int(rng.integers(10, 12)), int(rng.integers(1, 3)), x, y, *sides))
    more = {'iscrowd': 1, 'area': 1}
    ours = coco(*objects, more=more)
    words = {'ann_file': 'train.json', 'data_root': str(tmp_path), 'pipeline': []}
    stock = CocoDataset(
        metainfo={'classes': ('white', 'red')}, data_prefix={'img': 'images/'}, **words
    )
    names = (('red', 'white'), ('white', 'red'))
    for index in range(2):
        one, other = ours.get_data_info(index), stock.get_data_info(index)
        assert (one['img_id'], one['img_path']) == (other['img_id'], other['img_path'])
        found = [
            [(labels[i['bbox_label']], *i['bbox'], i['ignore_flag']) for i in info['instances']]
            for labels, info in zip(names, (one, other))
        ]
        assert found[0] == found[1] and found[0]
