import json
from textwrap import dedent

import pytest

from mmholdout.errors import RunFolderError
from mmholdout.history.run_digests import record_run, sha256_of
from mmholdout.runner.refit_plan import plan_refit


def edit_rows(folder, change):
    path = folder / 'history.jsonl'
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        change(row)
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    record_run(folder)


def edit_summary(folder, **changes):
    path = folder / 'summary.json'
    stored = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({k: v for k, v in stored.items() if v is not None}))
    record_run(folder)


def test_what_validation_chose(finished_run):
    cfg, notices = plan_refit(finished_run)
    summary = json.loads((finished_run / 'summary.json').read_text())
    assert summary['lr_cuts'] == [2, 3, 4] and summary['best_epoch'] == 4
    refit = cfg['refit']
    assert (refit['epochs'], refit['max_epochs'], refit['iters_per_epoch']) == (4, 5, 3)
    # The cut after epoch 4 came after the best validation: the best model has not seen it
    assert refit['rate_cuts'] == [(2, 0.5), (3, 0.25)]
    assert refit['batch_growths'] == []
    assert refit['of'] == str(finished_run)
    assert refit['checkpoint'] == sha256_of(finished_run / 'checkpoints/best_model.pth')
    assert (refit['monitor'], refit['value']) == ('val/rises', 0.4)
    rows = [json.loads(x) for x in (finished_run / 'history.jsonl').read_text().splitlines()]
    assert refit['score_thr'] == rows[3]['val/score_thr']
    assert {k: v for k, v in cfg.items() if k != 'refit'}['train_cfg']['max_epochs'] == 5
    assert notices == []


def test_growth_of_the_batch_is_repeated(copied_run, evaluated):
    run = copied_run(
        evaluated
        + dedent("""\
        train_cfg = dict(max_epochs=3)
        evaluation = dict(interval=1, train_eval=0, save_best='rises')
        schedule = dict(_delete_=True, type='constant')
        custom_hooks = [
            dict(type='IncreaseBatchSizeOnPlateauHook', monitor='falls', patience=0),
        ]
        """)
    )
    refit = plan_refit(run)[0]['refit']
    assert (refit['epochs'], refit['batch_growths']) == (3, [(2, 2)])


def test_a_best_validation_within_an_epoch(copied_run, evaluated):
    """Every 2 iterations, of which an epoch has 3, up to 8; the cut after 8 comes too late."""
    run = copied_run(
        evaluated
        + dedent("""\
        train_cfg = dict(_delete_=True, type='TrainLoop', max_iters=8)
        evaluation = dict(interval=2, by_epoch=False, train_eval=0, save_best='rises')
        schedule = dict(_delete_=True, type='constant')
        custom_hooks = [dict(type='ReduceLROnPlateauHook', monitor='falls', patience=0)]
        """)
    )
    cfg, notices = plan_refit(run)
    refit = cfg['refit']
    assert refit['epochs'] == 3 and refit['max_epochs'] == 8 / 3
    assert [epochs for epochs, _ in refit['rate_cuts']] == [4 / 3, 2]
    assert notices == ['the best validation came after 2.67 epochs; 3 whole epochs are trained']


def test_a_refit_cannot_be_refitted(refit_run):
    with pytest.raises(RunFolderError, match=r'is a refit itself \(of .*Refit that run'):
        plan_refit(refit_run)


@pytest.mark.parametrize('reason', ['interrupted', 'non_finite_loss'])
def test_a_run_that_has_not_ended(finished_run, reason):
    edit_summary(finished_run, stop_reason=reason)
    with pytest.raises(RunFolderError, match=rf'has not ended \(stopped: {reason}\).*--resume'):
        plan_refit(finished_run)


@pytest.mark.parametrize('name', ['summary.json', 'digests.json'])
def test_a_run_that_goes_on(finished_run, name):
    (finished_run / name).unlink()
    with pytest.raises(RunFolderError, match=f'has not ended .there is no {name}'):
        plan_refit(finished_run)


def test_no_run(tmp_path):
    with pytest.raises(RunFolderError, match='holds no run'):
        plan_refit(tmp_path)


def test_no_epoch_was_chosen(finished_run):
    edit_summary(finished_run, best_epoch=None, best=None)
    with pytest.raises(RunFolderError, match='no epoch was chosen'):
        plan_refit(finished_run)


@pytest.mark.parametrize(
    'name', ['config.py', 'history.jsonl', 'summary.json', 'checkpoints/best_model.pth']
)
def test_what_was_changed_since_is_not_repeated(finished_run, name):
    path = finished_run / name
    data = path.read_bytes()
    path.write_bytes(data + (b'\n' if name != 'checkpoints/best_model.pth' else b'0'))
    with pytest.raises(RunFolderError, match=f'{name} in .* is not what the run wrote'):
        plan_refit(finished_run)


def test_rates_that_do_not_follow_are_not_repeated(finished_run):
    """Somebody has changed the rate on resume, say."""
    edit_rows(finished_run, lambda row: row.update(lr=row['lr'] * (2 if row['epoch'] > 1 else 1)))
    with pytest.raises(RunFolderError, match=r'the rate in epoch 2 was .* config and validations'):
        plan_refit(finished_run)


def test_validations_that_lead_to_other_cuts_are_found(finished_run):
    """Then the rates on record are not those that the rules would have given."""
    edit_rows(finished_run, lambda row: row.update({'val/falls': float(row['epoch'])}))
    with pytest.raises(RunFolderError, match='the rate in epoch 3 was'):
        plan_refit(finished_run)


def test_epochs_of_another_length_are_found(finished_run):
    edit_rows(finished_run, lambda row: row.update(iter=row['iter'] - (row['epoch'] == 3) * 3))
    with pytest.raises(RunFolderError, match='epoch 3 ends with iteration 6, but an epoch had 3'):
        plan_refit(finished_run)


def test_steering_of_ones_own_is_said(finished_run, monkeypatch):
    from mmholdout.hooks import SteeringHook
    from mmholdout.registry import HOOKS

    mine = type('MyHook', (SteeringHook,), {'__module__': 'my_project.hooks'})
    monkeypatch.setattr(HOOKS, '_module_dict', {**HOOKS.module_dict, 'MyHook': mine})
    path = finished_run / 'config.py'
    text = path.read_text()
    path.write_text(text.replace('custom_hooks = [', "custom_hooks = [{'type': 'MyHook'}, "))
    record_run(finished_run)
    _, notices = plan_refit(finished_run)
    assert len(notices) == 1 and 'MyHook acts on validations' in notices[0]
