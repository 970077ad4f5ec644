import ast
import json
import re

import pytest

from mmholdout.history.run_digests import record_run
from mmholdout.runner.verify import verify_run


def edit_rows(folder, change):
    path = folder / 'history.jsonl'
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        change(row)
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    record_run(folder)


def test_an_untouched_refit_passes(refit_run):
    found = verify_run(str(refit_run))
    assert not found.problems
    passed = '\n'.join(found.passed)
    assert 'history.jsonl: 4 epochs with the rates of' in passed
    assert 'refit_model.pth: of the refit in config.py' in passed
    assert 'leads to the epochs, rates and thresholds of this refit' in passed
    assert 'images of train: 34 files on disk are what they were' in passed
    assert found.remarks[0].startswith('nothing was validated')


def test_a_byte_that_was_changed_is_found(refit_run):
    path = refit_run / 'checkpoints/refit_model.pth'
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert any('refit_model.pth has sha256' in one for one in verify_run(str(refit_run)).problems)


@pytest.mark.parametrize(
    ('change', 'said'),
    [
        (lambda row: row.update(lr=row['lr'] * (1 + (row['epoch'] == 3))), 'the rate in epoch 3'),
        (lambda row: row.update({'val/mAP': 0.5}), 'has val/mAP, but a refit measures nothing'),
    ],
)
def test_a_history_that_is_not_that_of_the_refit(refit_run, change, said):
    edit_rows(refit_run, change)
    assert any(said in one for one in verify_run(str(refit_run)).problems)


def test_another_number_of_epochs(refit_run):
    path = refit_run / 'history.jsonl'
    path.write_text('\n'.join(path.read_text().splitlines()[:3]) + '\n')
    record_run(refit_run)
    (problem,) = verify_run(str(refit_run)).problems
    assert 'the last row is of epoch 3, summary.json says 4, and config.py 4' in problem


def test_a_plan_that_the_run_does_not_lead_to(refit_run):
    path = refit_run / 'config.py'
    text, count = re.subn(
        r"('checkpoint'.*?'score_thr': )[\d.e-]+", r'\g<1>0.1234', path.read_text(), flags=re.DOTALL
    )
    assert count == 1
    path.write_text(text)
    record_run(refit_run)
    problems = '\n'.join(verify_run(str(refit_run)).problems)
    assert 'refit_model.pth is of another refit than config.py describes' in problems
    assert 'score_thr of the refit is 0.1234, but' in problems


def test_the_run_that_was_repeated_is_gone(refit_run):
    path = refit_run / 'config.py'
    stored = path.read_text()
    of = ast.literal_eval(stored.split("'of': ")[1].split(',\n')[0])
    path.write_text(stored.replace(repr(of), "'nowhere/run'"))
    record_run(refit_run)
    found = verify_run(str(refit_run))
    assert any('there is no nowhere/run (any more)' in one for one in found.not_checked)


def test_other_runs_are_none(finished_run):
    found = verify_run(str(finished_run))
    assert not found.problems
    assert not any('refit' in line for line in [*found.passed, *found.remarks])
