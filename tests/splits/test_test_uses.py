import json

import pytest

from mmholdout.errors import LedgerError, RunFolderError
from mmholdout.splits.test_uses import LEDGER, ledger_of, read_test, sentences_about_test, used

SPLIT = 'c' * 64


@pytest.fixture
def tested(tmp_path):
    folder = tmp_path / 'work_dirs' / 'run'
    folder.mkdir(parents=True)
    ledger = ledger_of(folder)
    ledger.close(ledger.open(SPLIT, 'a' * 64, 'b' * 64), {'test/mAP': 0.5})
    (folder / 'test.json').write_text(json.dumps({'use': 1, 'split': SPLIT, 'test/mAP': 0.5}))
    return folder


@pytest.mark.parametrize(
    ('uses', 'said'), [(1, 'test split used once'), (3, 'test split used 3 times')]
)
def test_the_words(uses, said):
    assert used(uses) == said


def test_not_tested(tmp_path):
    assert sentences_about_test(tmp_path) == []


def test_the_result_and_the_uses(tested):
    (line,) = sentences_about_test(tested)
    assert line.startswith('test mAP = 0.5000, test split used once (')
    assert str(tested.parent / 'test_ledger.jsonl') in line


def test_uses_by_other_runs_count(tested):
    ledger_of(tested).open(SPLIT, 'a' * 64, 'e' * 64, 'another model')
    assert 'test split used 2 times' in sentences_about_test(tested)[0]


def test_a_ledger_that_is_gone_is_said(tested):
    (tested.parent / 'test_ledger.jsonl').unlink()
    assert 'does not have that use' in sentences_about_test(tested)[0]


def test_a_changed_ledger(tested):
    path = tested.parent / 'test_ledger.jsonl'
    path.write_text(path.read_text().replace('0.5', '0.6'))
    with pytest.raises(LedgerError, match='line 2 was changed'):
        sentences_about_test(tested)


@pytest.mark.parametrize('text', ['', '[]', '{"use": "x"}', '{}'])
def test_a_damaged_result(tested, text):
    (tested / 'test.json').write_text(text)
    with pytest.raises(RunFolderError, match=r'test\.json'):
        read_test(tested)


def test_folds_have_the_ledger_of_the_other_runs(tmp_path):
    """They lie one folder deeper; else each config's folds would have a first use of their own."""
    base = tmp_path / 'work_dirs'
    assert ledger_of(base / 'run').path == base / LEDGER
    for name in ('fold_0', 'fold_12', 'fold_0_refit'):
        assert ledger_of(base / 'run' / name).path == base / LEDGER
    assert ledger_of(base / 'run' / 'folds').path == base / 'run' / LEDGER


def test_a_ledger_that_is_beside_a_folder_of_that_name_stays_in_use(tmp_path):
    (tmp_path / 'run').mkdir()
    (tmp_path / 'run' / LEDGER).write_text('')
    assert ledger_of(tmp_path / 'run' / 'fold_0').path == tmp_path / 'run' / LEDGER
