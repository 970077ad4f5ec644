import pytest

from mmholdout.runner.annotation_files import annotation_files


def voc(root, name='train', **more):
    return {'type': 'VOCDataset', 'data_root': str(root), 'ann_file': f'{name}.txt', **more}


@pytest.fixture
def root(tmp_path):
    (tmp_path / 'Annotations').mkdir()
    for image_id in ('a', 'b', 'c'):
        (tmp_path / 'Annotations' / f'{image_id}.xml').write_text('<annotation/>')
    (tmp_path / 'train.txt').write_text('a\nb\n')
    (tmp_path / 'val.txt').write_text('c\n')
    return tmp_path


def test_the_list_and_what_it_names(root):
    assert annotation_files(voc(root)) == {
        'train.txt': root / 'train.txt',
        'Annotations/a.xml': root / 'Annotations' / 'a.xml',
        'Annotations/b.xml': root / 'Annotations' / 'b.xml',
    }


def test_names_stay_when_the_data_move(root, tmp_path):
    moved = root.rename(tmp_path.parent / f'{tmp_path.name} moved')
    assert list(annotation_files(voc(moved))) == [
        'train.txt',
        'Annotations/a.xml',
        'Annotations/b.xml',
    ]


def test_a_part_of_a_list(root):
    (root / 'train.txt').write_text('a\nb\nc\n')
    names = {
        part: set(annotation_files(voc(root, part={'start': start, 'stop': stop})))
        for part, start, stop in (('first', 0, 0.5), ('rest', 0.5, 1))
    }
    assert names['first'] & names['rest'] == {'train.txt'}
    assert len(names['first'] | names['rest']) == 4


def test_joined_data_sets(root):
    joined = {'type': 'ConcatDataset', 'datasets': [voc(root), voc(root, 'val')]}
    assert set(annotation_files(joined)) == {
        'train.txt',
        'val.txt',
        *(f'Annotations/{image_id}.xml' for image_id in 'abc'),
    }


def test_two_roots_with_the_same_names(root, tmp_path_factory):
    other = tmp_path_factory.mktemp('other')
    (other / 'train.txt').write_text('')
    files = annotation_files({'type': 'ConcatDataset', 'datasets': [voc(root), voc(other)]})
    assert files['train.txt'] == root / 'train.txt'
    assert files['train.txt#2'] == other / 'train.txt'


def test_one_file_of_all_labels(tmp_path):
    words = {'type': 'CocoDataset', 'data_root': str(tmp_path), 'ann_file': 'val.json'}
    assert annotation_files(words) == {'val.json': tmp_path / 'val.json'}


@pytest.mark.parametrize('words', [{'type': 'Mine'}, {'type': 'CocoDataset', 'ann_file': ''}])
def test_a_config_that_does_not_say(words):
    assert annotation_files(words) == {}


@pytest.mark.parametrize('content', [b'\xff\xfe', b'../a\n', None])
def test_a_damaged_list_is_a_file_all_the_same(root, content):
    if content is None:
        (root / 'train.txt').unlink()
    else:
        (root / 'train.txt').write_bytes(content)
    assert list(annotation_files(voc(root))) == ['train.txt']


def test_a_reader_of_ones_own_that_is_ours_too(root, monkeypatch):
    from mmholdout.datasets.voc import VOCDataset
    from mmholdout.registry import DATASETS

    monkeypatch.setattr(DATASETS, '_module_dict', dict(DATASETS.module_dict))
    DATASETS.register_module(name='MyVOC', module=type('MyVOC', (VOCDataset,), {}))
    assert len(annotation_files({**voc(root), 'type': 'MyVOC'})) == 3
