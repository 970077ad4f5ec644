"""A refit against the plan in its config, and that plan against the run that it repeats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.errors import RunFolderError, UserError
from mmholdout.history.jsonl import Row
from mmholdout.report.summary import read_summary
from mmholdout.runner.parts import Words
from mmholdout.runner.refit_plan import check_rates, plan_refit
from mmholdout.runner.resolved_config import read_resolved
from mmholdout.runner.state import plain
from mmholdout.runner.verify_subject import Subject

MODEL = 'checkpoints/refit_model.pth'


def verify_refit(subject: Subject) -> bool:
    """Check what a refit has instead of validations; False where the run is none."""
    refit = _refit_of(subject)
    if refit is None:
        return False
    with subject.step('the rates of the refit'):
        words, rows = subject.words(), subject.rows()
        if not rows:
            raise RunFolderError('history.jsonl has no rows')
        problems = _of_history(subject, words, rows, refit)
        subject.found.take(
            problems,
            f'history.jsonl: {len(rows)} epochs with the rates of {refit["of"]}, epoch by epoch, '
            'and no validation',
        )
    with subject.step(MODEL):
        found: Any = subject.meta(MODEL).get('refit')
        wrong = f'{subject.folder / MODEL} is of another refit than config.py describes'
        subject.found.take([wrong] * (found != plain(refit)), f'{MODEL}: of the refit in config.py')
    with subject.step(f'whether {refit["of"]} leads to this refit'):
        _of_origin(subject, refit)
    subject.found.remarks.append('nothing was validated: this model has no validation number')
    return True


def _refit_of(subject: Subject) -> Words | None:
    if not subject.has('config.py'):
        return None
    try:
        refit: Words | None = read_resolved(subject.folder / 'config.py').get('refit')
    except UserError:
        return None  # it is said where the config is used
    return refit


def _of_history(subject: Subject, words: Words, rows: list[Row], refit: Words) -> list[str]:
    where = f'{subject.folder / "history.jsonl"}'
    problems = [
        f'{where}: epoch {row["epoch"]} has {key}, but a refit measures nothing'
        for row in rows
        for key in row
        if key.startswith(('val/', 'test/'))
    ]
    last = rows[-1]
    per_epoch, rest = divmod(last['iter'], last['epoch'])
    if rest:  # killed or interrupted within an epoch
        raise RunFolderError(f'the last row is of iteration {last["iter"]}, within an epoch')
    try:
        check_rates(subject.folder, words, refit, rows, per_epoch)
    except RunFolderError as error:
        problems += error.problems
    if subject.has('summary.json'):
        summary = read_summary(subject.folder / 'summary.json')
        ended = summary.stop_reason == 'refit_epochs'
        if ended and not last['epoch'] == summary.stopped_epoch == refit['epochs']:
            problems.append(
                f'{where}: the last row is of epoch {last["epoch"]}, summary.json says '
                f'{summary.stopped_epoch}, and config.py {refit["epochs"]}'
            )
    return problems


def _of_origin(subject: Subject, refit: Words) -> None:
    """Plan once more, where the run that is repeated is still there."""
    folder = Path(refit['of'])
    if not folder.is_dir():
        raise RunFolderError(f'there is no {folder} (any more)')
    planned = plain(plan_refit(folder)[0]['refit'])
    recorded = plain(refit)
    subject.found.take(
        [
            f'{name} of the refit is {recorded.get(name)!r}, but {folder} leads to {value!r}'
            for name, value in planned.items()
            if name != 'of' and recorded.get(name) != value
        ],
        f'{folder}: leads to the epochs, rates and thresholds of this refit',
    )
