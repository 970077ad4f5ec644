import pytest

from mmholdout.runner.annotation_record import (
    digest_annotations,
    of_each_split,
    write_annotations,
)
from mmholdout.splits.file_record import combined, read_file_record


@pytest.fixture
def words(tmp_path):
    (tmp_path / 'Annotations').mkdir()
    for split in ('train', 'val', 'test'):
        (tmp_path / f'{split}.txt').write_text(f'{split}_1\n')
        (tmp_path / 'Annotations' / f'{split}_1.xml').write_text(f'<annotation>{split}')
    dataset = {'type': 'VOCDataset', 'data_root': str(tmp_path)}
    return {
        f'{split}_dataloader': {'dataset': {**dataset, 'ann_file': f'{split}.txt'}}
        for split in ('train', 'val', 'test')
    }


def test_of_the_splits_that_are_asked_for(words):
    digests = digest_annotations(words, ('train', 'val'))
    assert {split: list(files) for split, files in digests.items()} == {
        'train': ['train.txt', 'Annotations/train_1.xml'],
        'val': ['val.txt', 'Annotations/val_1.xml'],
    }
    assert of_each_split(digests)['val'] == combined(digests['val'])


def test_a_split_without_files_is_left_out(words):
    words['val_dataloader']['dataset'] = {'type': 'Mine'}
    assert list(digest_annotations(words, ('train', 'val'))) == ['train']


def test_what_has_changed_since_the_run_began_is_said(words, tmp_path):
    path = tmp_path / 'annotations.json'
    digests = digest_annotations(words, ('train', 'val'))
    assert write_annotations(path, digests) == []
    assert write_annotations(path, digests) == []
    (tmp_path / 'Annotations' / 'val_1.xml').write_text('<annotation>other')
    now = digest_annotations(words, ('train', 'val'))
    (said,) = write_annotations(path, now)
    assert said.startswith('annotations of val have changed since the run began: ')
    assert 'Annotations/val_1.xml is not what it was' in said
    assert read_file_record(path) == now


def test_a_damaged_record_is_written_anew_and_said(words, tmp_path):
    path = tmp_path / 'annotations.json'
    path.write_text('{')
    digests = digest_annotations(words, ('train',))
    (said,) = write_annotations(path, digests)
    assert 'annotations.json' in said and 'written anew' in said
    assert read_file_record(path) == digests


@pytest.mark.guarantee
def test_training_opens_no_label_of_the_test_split(train_small, monkeypatch):
    """The digests of train and val are taken; a file of test is not even looked for."""
    from mmholdout.splits import file_record

    read = []
    sha256_of = file_record.sha256_of

    def watched(path):
        read.append(path)
        return sha256_of(path)

    monkeypatch.setattr(file_record, 'sha256_of', watched)
    folder = train_small('train_cfg = dict(max_epochs=1)')
    names = [path.stem for path in read]
    assert any(name.startswith('val_') for name in names)
    assert not any(name.startswith('test') for name in names)
    assert set(read_file_record(folder / 'annotations.json')) == {'train', 'val'}
