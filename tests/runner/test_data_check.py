import shutil

import cv2
import pytest

from mmholdout.errors import ConfigError, DataError
from mmholdout.runner.data_check import check_data

CLASSES = ('screw', 'nut', 'washer', 'battery')


@pytest.fixture
def data(small_sample, tmp_path):
    folder = tmp_path / 'data'
    shutil.copytree(small_sample, folder)
    return folder


def words(data, **more):
    def dataset(split):
        return {
            'type': 'VOCDataset',
            'data_root': str(data),
            'ann_file': f'ImageSets/Main/{split}.txt',
            'metainfo': {'classes': CLASSES},
            'pipeline': [{'type': 'LoadImageFromFile'}],
        } | more

    return {
        f'{split}_dataloader': {'dataset': dataset(split)} for split in ('train', 'val', 'test')
    }


def first(data, split, count=1):
    return (data / f'ImageSets/Main/{split}.txt').read_text().split()[:count]


def test_sound_data(data):
    seen = []
    checks, report = check_data(words(data), workers=1, progress=lambda *n: seen.append(n))
    assert [check.splits for check in checks] == [('train',), ('val',), ('test',)]
    assert [len(check.images) for check in checks] == [24, 10, 8]
    assert not any(check.errors or check.notices for check in checks)
    assert report.errors == ()
    assert seen[:42] == [('decoded', n, 42) for n in range(1, 43)]


def test_every_example_of_every_split_and_each_file_once(data):
    for split, count in (('train', 14), ('test', 1)):
        for img_id in first(data, split, count):
            path = data / f'JPEGImages/{img_id}.jpg'
            path.write_bytes(path.read_bytes()[:-300])
    xml = data / f'Annotations/{first(data, "val")[0]}.xml'
    xml.write_text('<annotation')
    train, val, test = check_data(words(data))[0]
    assert list(train.errors) == list(test.errors) == ['images that cannot be used']
    files = [text.split(': ')[0] for text in train.errors['images that cannot be used']]
    assert files == [str(data / f'JPEGImages/{i}.jpg') for i in first(data, 'train', 14)]
    assert len(test.errors['images that cannot be used']) == 1
    [problem] = val.errors['annotations that cannot be used']
    assert problem.startswith(f'{xml}: no valid XML')


def test_damage_that_only_the_pixels_show(data):
    path = data / f'JPEGImages/{first(data, "val")[0]}.jpg'
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes(range(1, 201)) + content[middle + 200 :])
    _, val, _ = check_data(words(data))[0]
    [[problem]] = val.errors.values()
    assert problem.startswith(f'{path}: Corrupt JPEG data')


def test_notices_are_whole_and_strict_makes_them_errors(data):
    for img_id in first(data, 'train', 5):
        box = '<xmin>5</xmin><ymin>5</ymin><xmax>5</xmax><ymax>9</ymax>'
        (data / f'Annotations/{img_id}.xml').write_text(
            f'<annotation><object><name>nut</name><bndbox>{box}</bndbox></object></annotation>'
        )
    train = check_data(words(data))[0][0]
    [(kind, examples)] = train.notices.items()
    assert 'without area' in kind and len(examples) == 5 and not train.errors
    assert any('negatives' in fact for fact in train.facts)
    assert check_data(words(data, strict=True))[0][0].errors


def test_an_image_of_two_splits(data):
    (train,), (val,), (test,) = (first(data, split) for split in ('train', 'val', 'test'))
    shutil.copy(data / f'JPEGImages/{train}.jpg', data / f'JPEGImages/{test}.jpg')
    with (data / 'ImageSets/Main/test.txt').open('a') as file:
        file.write(f'{val}\n')
    shared = check_data(words(data))[1].errors
    assert len(shared) == 2
    assert any(train in text and 'same bytes' in text for text in shared)
    assert any(val in text and "'test' also in 'val' under the same id" in text for text in shared)


def test_a_copy_that_only_looks_alike(data):
    (train,), (val,) = (first(data, split) for split in ('train', 'val'))
    image = cv2.imread(str(data / f'JPEGImages/{train}.jpg'))
    cv2.imwrite(str(data / f'JPEGImages/{val}.jpg'), image, [cv2.IMWRITE_JPEG_QUALITY, 60])
    report = check_data(words(data))[1]
    assert report.errors == ()
    assert [(pair.first_id, pair.second_id) for pair in report.pairs] == [(train, val)]


def test_parts_of_one_list_are_one_list(data):
    config = words(data)
    config['val_dataloader'] = {
        'dataset': config['train_dataloader']['dataset'] | {'part': {'start': 0.5}}
    }
    config['train_dataloader']['dataset'] |= {'part': {'stop': 0.5}}
    checks, report = check_data(config)
    assert [(check.splits, len(check.images)) for check in checks] == [
        (('train', 'val'), 24),
        (('test',), 8),
    ]
    assert report.errors == ()


def test_settings_of_the_config_hide_nothing(data):
    path = data / f'JPEGImages/{first(data, "train")[0]}.jpg'
    path.write_bytes(b'')
    more = {'corrupt': 'skip', 'filter_cfg': {'filter_empty_gt': True}, 'indices': 2}
    train = check_data(words(data, **more))[0][0]
    assert str(path) in train.errors['images that cannot be used'][0] and len(train.images) == 24


def test_missing_data_and_other_layouts(data, tmp_path):
    with pytest.raises(DataError) as caught:
        check_data(words(tmp_path / 'nowhere'))
    assert 'test.txt (list of test)' in str(caught.value)
    (data / 'ImageSets/Main/test.txt').unlink()
    with pytest.raises(DataError, match=r'test\.txt \(list of test\)'):
        check_data(words(data))
    with pytest.raises(
        ConfigError, match='no split is read by one of COCODataset, VOCDataset, YOLO'
    ):
        check_data({'train_dataloader': {'dataset': {'type': 'CocoDataset'}}})


def test_groups_of_the_config_are_compared(data):
    config = words(data) | {'splits': {'group': r'_(\d\d)'}}
    errors = check_data(config)[1].errors
    assert len(errors) == 3 and "Group '00' is in both 'train'" in errors[0]
