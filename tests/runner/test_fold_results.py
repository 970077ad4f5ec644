import json

import pytest

from mmholdout.errors import RunFolderError
from mmholdout.report.fold_report import FoldResult
from mmholdout.report.summary import write_summary
from mmholdout.runner.fold_results import fold_folders, read_fold_results
from mmholdout.splits.record import write_splits


def fold(root, number, val, train, value=0.5, config='', test=('t',)):
    folder = root / f'fold_{number}'
    folder.mkdir(parents=True)
    write_splits(folder / 'splits.json', {'train': train, 'val': val, 'test': list(test)})
    (folder / 'config.py').write_text(f"model = {{'type': 'A'}}\nfold = {number}\n{config}")
    write_summary(
        folder / 'summary.json',
        stop_reason='max_epochs',
        stopped_epoch=3,
        monitor='val/mAP',
        best=value,
        best_epoch=2,
    )


def three(root, **last):
    fold(root, 0, ['a', 'b'], ['c', 'd'], 0.5)
    fold(root, 1, ['c'], ['a', 'b', 'd'], 0.6)
    fold(root, 10, **{'val': ['d'], 'train': ['a', 'b', 'c'], **last})


def test_folds_of_one_draw(tmp_path):
    three(tmp_path)
    (tmp_path / 'fold_x').mkdir()
    assert list(fold_folders(tmp_path)) == [0, 1, 10]
    results, notes = read_fold_results(tmp_path)
    assert results[1] == FoldResult(1, 'val/mAP', 0.6, 2, 3, 'max_epochs')
    assert notes == []


def test_a_fold_under_way(tmp_path):
    three(tmp_path)
    (tmp_path / 'fold_2').mkdir()
    results, _ = read_fold_results(tmp_path)
    assert [one.number for one in results if not one.counts] == [2]


@pytest.mark.parametrize(
    ('last', 'said'),
    [
        (
            {'val': ['c', 'd'], 'train': ['a', 'b']},
            'folds 1 and 10 share 1 val images (c): they are not of one draw',
        ),
        ({'train': ['a', 'b', 'c', 'e']}, '1 of 5 images are in val of none of these folds'),
        ({'test': ('u',)}, 'the folds do not have one test split'),
        (
            {'config': "schedule = {'type': 'cosine'}\n"},
            'fold 10 was trained with another config than fold 0: schedule',
        ),
        ({'config': "work_dir = 'elsewhere'\n"}, None),
    ],
)
def test_what_speaks_against_one_set(tmp_path, last, said):
    three(tmp_path, **last)
    _, notes = read_fold_results(tmp_path)
    assert [note[: len(said)] for note in notes] == [said] if said else notes == []


def test_no_folds(tmp_path):
    assert fold_folders(tmp_path / 'no') == {}
    with pytest.raises(RunFolderError, match='holds no folds'):
        read_fold_results(tmp_path)


def test_a_damaged_file_is_named(tmp_path):
    three(tmp_path)
    path = tmp_path / 'fold_1/splits.json'
    record = json.loads(path.read_text())
    record['val']['ids'] = ['z']
    path.write_text(json.dumps(record))
    with pytest.raises(RunFolderError, match=r'fold_1/splits\.json'):
        read_fold_results(tmp_path)
    (tmp_path / 'fold_1/config.py').write_text('import os')
    write_splits(path, {'train': ['a', 'b', 'd'], 'val': ['c'], 'test': ['t']})
    with pytest.raises(RunFolderError, match=r'fold_1/config\.py is not a resolved config'):
        read_fold_results(tmp_path)
