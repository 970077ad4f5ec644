import json
import shutil
from pathlib import Path

import pytest

from mmholdout.runner.verify_data import image_digests, verify_annotations, verify_splits
from mmholdout.splits.record import write_splits


@pytest.fixture
def data(subject):
    return Path(subject.data_root)


def ids_of(data, split):
    return (data / 'ImageSets' / 'Main' / f'{split}.txt').read_text().split()


def test_untouched(subject):
    verify_splits(subject)
    verify_annotations(subject)
    verify_annotations(subject, 'test_annotations.json')
    assert not subject.found.problems and not subject.found.not_checked
    assert len(subject.found.passed) == 7
    assert not subject.suspect


@pytest.mark.parametrize('split', ['train', 'val', 'test'])
def test_an_image_that_is_gone(subject, data, split):
    image_id = ids_of(data, split)[0]
    next((data / 'JPEGImages').glob(f'{image_id}.*')).unlink()
    verify_splits(subject)
    assert subject.found.problems == [f'images of {split}: {image_id} is missing']
    assert subject.suspect == {split}


@pytest.mark.parametrize('split', ['train', 'val'])
def test_an_annotation_that_is_gone(subject, data, split):
    image_id = ids_of(data, split)[0]
    (data / 'Annotations' / f'{image_id}.xml').unlink()
    verify_annotations(subject)
    problem = f'annotations of {split}: Annotations/{image_id}.xml is missing'
    assert subject.found.problems == [problem]


def test_a_list_with_an_image_more(subject, data):
    path = data / 'ImageSets' / 'Main' / 'val.txt'
    path.write_text(path.read_text() + ids_of(data, 'test')[0] + '\n')
    verify_annotations(subject)
    assert [one.split(' is ')[0] for one in subject.found.problems] == [
        f'annotations of val: Annotations/{ids_of(data, "test")[0]}.xml',
        'annotations of val: ImageSets/Main/val.txt',
    ]


def test_the_list_of_test_before_any_test(subject, data):
    """Training kept no digest of it, but its ids."""
    path = data / 'ImageSets' / 'Main' / 'test.txt'
    path.write_text('\n'.join(ids_of(data, 'test')[1:]) + '\n')
    verify_splits(subject)
    (problem,) = subject.found.problems
    assert 'the list of test' in problem and 'differ in 1 ids' in problem


def test_a_damaged_list_of_test(subject, data):
    (data / 'ImageSets' / 'Main' / 'test.txt').write_bytes(b'\xff\xfe')
    verify_splits(subject)
    assert 'the list of test' in subject.found.problems[0]


def test_data_that_are_not_there_are_not_checked(subject, tmp_path):
    subject.data_root = str(tmp_path / 'nowhere')
    verify_splits(subject)
    verify_annotations(subject)
    assert not subject.found.problems
    assert len(subject.found.not_checked) == 5
    assert all('--data-root' in one for one in subject.found.not_checked)
    assert subject.suspect == {'train', 'val', 'test'}


def test_the_data_have_moved(subject, data, tmp_path):
    subject.data_root = str(shutil.move(data, tmp_path / 'elsewhere'))
    verify_splits(subject)
    verify_annotations(subject)
    assert not subject.found.problems and not subject.found.not_checked


def test_a_changed_record(subject):
    for name in ('splits.json', 'annotations.json'):
        path = subject.folder / name
        path.write_text(path.read_text().replace('train', 'trial'))
    verify_splits(subject)
    verify_annotations(subject)
    assert 'annotations.json' in subject.found.problems[-1]
    assert 'annotations.json' in subject.changed


def test_records_that_are_not_there(subject):
    for name in ('splits.json', 'annotations.json'):
        (subject.folder / name).unlink()
    verify_splits(subject)
    verify_annotations(subject)
    assert len(subject.found.not_checked) == 2 and not subject.found.problems


def test_a_record_without_digests_of_images(subject):
    stored = json.loads((subject.folder / 'splits.json').read_text())
    write_splits(subject.folder / 'splits.json', {'val': stored['val']['ids']})
    verify_splits(subject)
    assert 'no digest of them' in subject.found.not_checked[0]


def test_labels_of_a_test_split_are_not_opened_for_its_images(tmp_path):
    from mmholdout.errors import DataError

    (tmp_path / 'test.json').write_text('not even JSON')
    words = {'type': 'CocoDataset', 'data_root': str(tmp_path), 'ann_file': 'test.json'}
    with pytest.raises(DataError, match='lists no ids'):
        image_digests(words, ['1'], 'test')
