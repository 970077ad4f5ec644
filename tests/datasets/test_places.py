import pytest

from mmholdout.datasets.places import require_places
from mmholdout.datasets.voc_places import VOCPlaces
from mmholdout.errors import DataError


def devkit(root, split, years=('VOC2007', 'VOC2012')):
    words = {
        'data_root': str(root),
        'ann_file': [f'{year}/ImageSets/Main/{split}.txt' for year in years],
        'data_prefix': {'sub_data_root': [f'{year}/' for year in years]},
    }
    return split, VOCPlaces.of(words)


def plain(root, split):
    return split, VOCPlaces.of({'data_root': str(root), 'ann_file': f'{split}.txt'})


def fill(root, *lists):
    for name in ('Annotations', 'JPEGImages'):
        (root / name).mkdir(parents=True)
    for name in lists:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text('a\n')


def message(*datasets):
    with pytest.raises(DataError) as caught:
        require_places(datasets)
    return str(caught.value)


def test_nothing_is_said_where_all_is_there(tmp_path):
    fill(tmp_path, 'train.txt', 'val.txt')
    require_places([plain(tmp_path, 'train'), plain(tmp_path, 'val')])


def test_one_message_for_three_splits_and_two_roots(tmp_path):
    root = tmp_path / 'nowhere'
    text = message(devkit(root, 'train'), devkit(root, 'val'), devkit(root, 'test', ['VOC2007']))
    lines = text.splitlines()
    assert lines[0].startswith(f'data_root {str(root)!r} is no folder (looked for {root})')
    assert sorted(line for line in lines if line.startswith('  ')) == sorted(
        [
            '  VOC2007/Annotations/ (annotations of train, val, test)',
            '  VOC2007/JPEGImages/ (images of train, val, test)',
            '  VOC2012/Annotations/ (annotations of train, val)',
            '  VOC2012/JPEGImages/ (images of train, val)',
            '  VOC2007/ImageSets/Main/train.txt (list of train)',
            '  VOC2012/ImageSets/Main/train.txt (list of train)',
            '  VOC2007/ImageSets/Main/val.txt (list of val)',
            '  VOC2012/ImageSets/Main/val.txt (list of val)',
            '  VOC2007/ImageSets/Main/test.txt (list of test)',
        ]
    )
    for archive in ('trainval_06-Nov-2007', 'test_06-Nov-2007', 'trainval_11-May-2012'):
        assert f'VOC{archive}.tar' in text
    assert '--cfg-options data_root=PATH' in text and 'VOCdevkit/' in text
    assert 'prepare_data.py stand-in' in text


def test_only_what_is_missing_is_named(tmp_path):
    fill(tmp_path, 'train.txt')
    (tmp_path / 'JPEGImages').rmdir()
    (tmp_path / 'JPEGImages').write_text('no folder')
    lines = message(plain(tmp_path, 'train'), plain(tmp_path, 'val')).splitlines()
    assert lines[:3] == [
        f'missing below data_root {str(tmp_path)!r} (looked in {tmp_path}):',
        '  JPEGImages/ (images of train, val)',
        '  val.txt (list of val)',
    ]
    assert 'archives' not in '\n'.join(lines)


def test_two_data_roots_are_two_problems(tmp_path):
    with pytest.raises(DataError) as caught:
        require_places([plain(tmp_path / 'a', 'train'), plain(tmp_path / 'b', 'val')])
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(('there', 'asked'), [('root/devkit', 'root'), ('root', 'root/VOC2007')])
def test_the_right_folder_nearby_is_proposed(tmp_path, there, asked):
    fill(tmp_path / there / 'VOC2007', 'ImageSets/Main/train.txt')
    (tmp_path / asked).mkdir(parents=True, exist_ok=True)
    text = message(devkit(tmp_path / asked, 'train', ['VOC2007']))
    assert f'--cfg-options data_root={tmp_path / there}' in text


def test_no_folder_is_proposed_where_nothing_fits(tmp_path):
    fill(tmp_path / 'other')
    assert 'All of it' not in message(plain(tmp_path / 'root', 'train'))
    outside = {'data_root': str(tmp_path), 'ann_file': '/nowhere/list.txt'}
    assert '  /nowhere/list.txt (list)' in message(('', VOCPlaces.of(outside)))
