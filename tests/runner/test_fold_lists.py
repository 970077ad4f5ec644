import pytest

from mmholdout.errors import DataError
from mmholdout.runner.fold_lists import lists_of_folds, require_fold, write_folds


def words(root, fold):
    def loader(split):
        dataset = {
            'type': 'VOCDataset',
            'data_root': str(root),
            'ann_file': f'lists/fold{fold}_{split}.txt',
        }
        return {'dataset': dataset}

    return {
        'fold': fold,
        'train_dataloader': loader('train'),
        'val_dataloader': {
            'dataset': {'type': 'ConcatDataset', 'datasets': [loader('val')['dataset']]}
        },
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'lists').mkdir()
    write_folds(tmp_path / 'lists', [['b', 'a'], ['c'], ['d', 'e']])
    return tmp_path


def test_each_fold_trains_on_the_others(folder):
    read = {p.name: p.read_text().split() for p in (folder / 'lists').iterdir()}
    assert read == {
        'fold0_train.txt': ['c', 'd', 'e'],
        'fold0_val.txt': ['a', 'b'],
        'fold1_train.txt': ['a', 'b', 'd', 'e'],
        'fold1_val.txt': ['c'],
        'fold2_train.txt': ['a', 'b', 'c'],
        'fold2_val.txt': ['d', 'e'],
    }


def test_lists_of_folds_are_known_by_name(folder):
    for name in ('fold_0.txt', 'fold1_test.txt', 'train.txt', 'myfold1_train.txt'):
        (folder / 'lists' / name).write_text('')
    assert sorted(lists_of_folds(folder / 'lists').values()) == [0, 0, 1, 1, 2, 2]
    assert lists_of_folds(folder / 'nothing') == {}


@pytest.mark.parametrize('fold', [0, 2])
def test_a_fold_that_is_there(folder, fold):
    require_fold(words(folder, fold))
    require_fold({'fold': None})
    require_fold({})


def test_a_fold_that_is_not_there(folder):
    with pytest.raises(DataError, match=r'has no fold3_train\.txt and no fold3_val\.txt') as caught:
        require_fold(words(folder, 3))
    assert len(caught.value.problems) == 1 and 'there are folds 0, 1, 2' in str(caught.value)
    (folder / 'lists/fold1_val.txt').unlink()
    with pytest.raises(DataError, match=r'has no fold1_val\.txt;'):
        require_fold(words(folder, 1))


def test_no_folds_at_all(tmp_path):
    with pytest.raises(DataError, match=r'there are no folds\. Draw them with: .* split FOLDER --'):
        require_fold(words(tmp_path, 0))


def test_folds_of_two_draws_are_refused(folder):
    """An image that is in val of two of them: one list is of another draw."""
    with (folder / 'lists/fold2_val.txt').open('a') as file:
        file.write('a\n')
    with pytest.raises(DataError, match='a is in val of fold 0 and of fold 2'):
        require_fold(words(folder, 1))
