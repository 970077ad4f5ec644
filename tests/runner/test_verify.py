import pytest

from mmholdout.errors import RunFolderError
from mmholdout.history.run_digests import sha256_of
from mmholdout.runner.verify import verify_run


def all_files(folder):
    return {path: sha256_of(path) for path in folder.rglob('*') if path.is_file()}


def test_nothing_is_written(tested_run):
    before = all_files(tested_run.parents[1])
    assert not verify_run(str(tested_run), data_root=str(tested_run.parents[1] / 'data')).problems
    assert all_files(tested_run.parents[1]) == before


@pytest.mark.parametrize('name', ['empty', 'nowhere'])
def test_no_run(tmp_path, name):
    (tmp_path / 'empty').mkdir()
    (tmp_path / 'empty' / 'notes.txt').write_text('mine')
    with pytest.raises(RunFolderError, match='holds no run'):
        verify_run(str(tmp_path / name))


def test_without_the_data_what_can_be_checked_is(tested_run, tmp_path):
    found = verify_run(str(tested_run), data_root=str(tmp_path))
    assert not found.problems
    assert len(found.passed) == 8
    assert sum('--data-root' in one for one in found.not_checked) == 7


def test_without_a_config_what_can_be_checked_is(tested_run):
    (tested_run / 'digests.json').unlink()
    (tested_run / 'config.py').unlink()
    found = verify_run(str(tested_run), data_root=str(tested_run.parents[1] / 'data'))
    assert len(found.problems) == 1  # digests.json
    assert any('no config.py' in one for one in found.not_checked)
    assert any('test: 14 metrics' in one for one in found.passed)


def test_a_run_that_has_not_ended(tested_run):
    """As after kill -9: the history and what carries its own digests."""
    for name in ('digests.json', 'summary.json', 'test.json', 'test_predictions.npz'):
        (tested_run / name).unlink()
    for name in ('test_config.py', 'test_annotations.json'):
        (tested_run / name).unlink()
    (tested_run.parent / 'test_ledger.jsonl').unlink()
    found = verify_run(str(tested_run), data_root=str(tested_run.parents[1] / 'data'))
    assert not found.problems
    assert 'there is no digests.json' in found.not_checked[0]
    assert any('val: 14 metrics' in one for one in found.passed)


def test_a_test_in_a_folder_of_its_own(tested_run, tmp_path):
    from mmholdout.runner.test import test as run_test

    folder = tmp_path / 'elsewhere' / 'result'
    run_test(
        str(tested_run / 'test_config.py'),
        str(tested_run / 'checkpoints' / 'best_model.pth'),
        work_dir=str(folder),
        device='cpu',
    )
    found = verify_run(str(folder))
    assert not found.problems
    assert any('test: 14 metrics' in one for one in found.passed)
    (folder / 'test_predictions.npz').write_bytes(b'x')
    assert verify_run(str(folder)).problems
