import pytest

from mmholdout.errors import DataError


@pytest.fixture
def yolo(tmp_path, parts):
    """Makes a data set of label files; one that is None is not written."""

    def make(labels, *, yaml='names: [white, red]\ntrain: images/train\n', **words):
        from mmholdout.datasets.yolo import YOLODataset

        for name, text in labels.items():
            image = tmp_path / 'images/train' / f'{name}.jpg'
            image.parent.mkdir(parents=True, exist_ok=True)
            image.write_bytes(parts.image())
            label = tmp_path / 'labels/train' / f'{name}.txt'
            label.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                label.write_text(text)
        (tmp_path / 'data.yaml').write_text(yaml)
        defaults = {
            'ann_file': 'data.yaml',
            'split': 'train',
            'data_root': str(tmp_path),
            'metainfo': {'classes': ('red', 'white')},
        }
        return YOLODataset(**defaults | words)

    return make


def boxes(dataset, index=0):
    return [(i['bbox_label'], i['bbox']) for i in dataset.get_data_info(index)['instances']]


def test_labels_are_by_name_and_ids_are_paths(yolo, tmp_path):
    dataset = yolo({'b': '0 0.5 0.5 1 1\n', 'a': '1 0.25 0.5 0.25 0.5\n'})
    assert boxes(dataset) == [(0, [8, 12, 24, 36])] and boxes(dataset, 1) == [(1, [0, 0, 64, 48])]
    info = dataset.get_data_info(0)
    assert info['img_id'] == 'images/train/a.jpg'
    assert info['img_path'] == str(tmp_path / 'images/train/a.jpg')
    assert dataset.report.text() == ''


def test_images_without_labels_are_negatives(yolo):
    dataset = yolo({'a': '1 0.5 0.5 1 1', 'b': None, 'c': ''})
    assert len(dataset) == 3
    assert 'images without a label file: 1 (b.txt)' in dataset.report.facts
    assert any('kept as negatives: 2' in fact for fact in dataset.report.facts)


def test_no_label_at_all_is_a_wrong_folder(yolo, tmp_path):
    with pytest.raises(DataError) as caught:
        yolo({'a': None, 'b': None})
    assert 'none of the 2 images has a label file; looked for' in str(caught.value)
    assert str(tmp_path / 'labels/train/a.txt') in str(caught.value)


@pytest.mark.parametrize(
    ('line', 'kind', 'kept'),
    [
        ('1 0.5 0.5 0 0.5', 'without area', []),
        ('1 0.5 0.5 -0.5 0.5', 'inverted', []),
        ('1 1.5 0.5 0.1 0.5', 'outside the image', []),
        ('1 0.5 0.5 nan 0.5', 'no finite number', []),
        ('1 0.5 0.5 1.5 1', 'beyond the image, clipped', [[0, 0, 64, 48]]),
        ('1 0.5 0.5 1 1\n1 0.5 0.5 1 1', 'the same box twice, kept', [[0, 0, 64, 48]] * 2),
        ('1 0 0 0.5 0 0.5 0.5', 'polygons, of which the box around', [[0, 0, 32, 24]]),
    ],
)
def test_boxes_are_mended_as_vocs_are(yolo, line, kind, kept):
    dataset = yolo({'a': line})
    assert [box for _, box in boxes(dataset)] == kept
    (said,) = dataset.report.notices
    assert kind in said and dataset.report.notices[said][0].startswith('labels/train/a.txt')


def test_all_that_is_wrong_is_one_message(yolo, tmp_path, parts):
    (tmp_path / 'list.txt').write_text('images/train/gone.jpg\nimages/train/a.jpg\nnothing\n')
    (tmp_path / 'images/train').mkdir(parents=True)
    (tmp_path / 'images/train/a.png').write_bytes(parts.image())
    text = 'names: [white, red]\ntrain: [list.txt, images/train]\n'
    with pytest.raises(DataError) as caught:
        yolo({'a': '7 0.5 0.5 1 1', 'b': 'x', 'c': '1 320 240 9 9'}, yaml=text)
    said = str(caught.value)
    for part in (
        'a.txt: label 7; data.yaml has names for 0 to 1',
        'b.txt line 1 (x)',
        'are these pixels?',
        'gone.jpg',
        'images that share a label file',
        "list.txt line 3: 'nothing'",
    ):
        assert part in said


def test_a_split_that_is_not_named(yolo):
    with pytest.raises(DataError, match=r"no image of 'val'; splits that it names: train"):
        yolo({'a': ''}, split='val')


def test_a_name_that_is_no_class(yolo):
    with pytest.raises(DataError, match="'white': 1 objects"):
        yolo({'a': '0 0.5 0.5 1 1'}, metainfo={'classes': ('red',)})


def test_a_place_that_was_mended_is_told(yolo):
    dataset = yolo({'a': '1 0.5 0.5 1 1'}, yaml='names: [a, red]\ntrain: ../images/train\n')
    assert dataset.report.notices['places in data.yaml that are not there, found elsewhere']


def test_labels_come_from_the_index(yolo, own_cache, monkeypatch):
    from mmholdout.datasets import voc_index
    from mmholdout.datasets import yolo as module

    monkeypatch.setattr(voc_index, 'WORTH', 1)
    monkeypatch.setattr(voc_index, 'SETTLED_NS', -(10**12))
    labels = {'a': '1 0.5 0.5 1 1\n0 0 0 0.5 0 0.5 0.5', 'b': ''}
    before = yolo(labels)
    module_read = module.read_labels
    monkeypatch.setattr(module, 'read_labels', None)
    with pytest.raises(TypeError):
        yolo({}, use_index=False)
    after = yolo({})
    assert [after.get_data_info(i) for i in range(2)] == [before.get_data_info(i) for i in range(2)]
    assert after.report.notices == before.report.notices
    monkeypatch.setattr(module, 'read_labels', module_read)


def test_files_of_a_split(yolo, tmp_path):
    kind = type(yolo({'a': '', 'b': None}))
    words = {'data_root': str(tmp_path), 'ann_file': 'data.yaml', 'split': 'train'}
    assert [p.name for p in kind.label_files(words)] == ['data.yaml', 'a.txt']
    assert [(i, there) for i, _, there in kind.listed(words)] == [
        ('images/train/a.jpg', True),
        ('images/train/b.jpg', True),
    ]
    assert kind.files_of_ids(words, ['images/train/a.jpg', 'gone']) == {
        'images/train/a.jpg': tmp_path / 'images/train/a.jpg'
    }
    assert kind.words_of_folder(tmp_path / 'images') == {}
    assert kind.classes_of(words) == ('white', 'red')
