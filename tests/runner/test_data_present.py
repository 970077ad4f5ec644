import pytest

from mmholdout.errors import DataError
from mmholdout.runner.data_present import reader_of, require_data


def words(root, **test_words):
    def dataset(split):
        return {'type': 'VOCDataset', 'data_root': str(root), 'ann_file': f'{split}.txt'}

    made = {f'{split}_dataloader': {'dataset': dataset(split)} for split in ('train', 'val')}
    return made, dataset('test') | test_words


def fill(root, *splits):
    for name in ('Annotations', 'JPEGImages'):
        (root / name).mkdir(parents=True)
    for split in splits:
        (root / f'{split}.txt').write_text('a\n')


def test_one_message_for_all_splits(tmp_path):
    with pytest.raises(DataError) as caught:
        require_data(*words(tmp_path / 'nowhere'))
    assert len(caught.value.problems) == 1
    for split in ('train', 'val', 'test'):
        assert f'{split}.txt (list of {split})' in str(caught.value)
    assert 'Annotations/ (annotations of train, val, test)' in str(caught.value)


def test_what_test_lacks_is_told_only_with_something_else(tmp_path):
    fill(tmp_path, 'train', 'val')
    require_data(*words(tmp_path))
    (tmp_path / 'val.txt').unlink()
    with pytest.raises(DataError, match=r'val\.txt \(list of val\)\n.*test\.txt'):
        require_data(*words(tmp_path))
    with pytest.raises(DataError) as caught:
        require_data(words(tmp_path)[0], None)
    assert 'test.txt' not in str(caught.value)


def test_below_wrappers_and_not_for_other_readers(tmp_path):
    config, _ = words(tmp_path / 'nowhere')
    coco = {'type': 'CocoDataset', 'ann_file': 'a.json', 'data_prefix': {'img': 'train'}}
    config['val_dataloader']['dataset'] = coco
    config['train_dataloader']['dataset'] = {
        'type': 'ConcatDataset',
        'datasets': [coco, config['train_dataloader']['dataset']],
    }
    with pytest.raises(DataError) as caught:
        require_data(config, coco)
    assert 'train.txt' in str(caught.value) and 'a.json' not in str(caught.value)


@pytest.mark.parametrize(
    ('kind', 'expected'),
    [
        ('VOCDataset', True),
        ('mmholdout.VOCDataset', True),
        ('COCODataset', True),
        ('CocoDataset', False),
        (None, False),
    ],
)
def test_the_reader_is_ours(kind, expected):
    assert (reader_of({'type': kind}) is not None) is expected


def test_a_fold_that_is_not_there_is_told_as_such(tmp_path):
    fill(tmp_path, 'train', 'val')
    made, _ = words(tmp_path)
    with pytest.raises(DataError, match=r'there are no folds\. Draw them with'):
        require_data({**made, 'fold': 2}, None)
