"""What a finished run says last: why it ended, what is best, where everything is."""

from __future__ import annotations

from typing import Any

from mmholdout.report.eta import clock
from mmholdout.runner.summary import summarise


def outcome(runner: Any, config: str) -> str:
    """The closing lines of a run."""
    summary, folder = summarise(runner), runner.folder
    lines = [
        f'done: {summary["stop_reason"]} after epoch {summary["stopped_epoch"]}, '
        f'{clock(summary["seconds"])}'
    ]
    if summary.get('validation_cost'):
        lines.append(summary['validation_cost'])
    lines += summary['splits']
    if summary.get('refit_of'):
        command = f'python tools/test.py {folder.config} {folder.refit_model}'
        return '\n'.join(
            [
                *lines,
                f'the model, of train and val: {folder.refit_model}',
                f'curves: {folder.curves}   history: {folder.history}',
                f'the one number on the test split: {command}',
            ]
        )
    if summary['best_epoch'] is None:
        return '\n'.join([*lines, 'no validation gave a finite value, so no best model was kept'])
    lines += [
        f'best {summary["monitor"]} = {summary["best"]:.4f} at epoch {summary["best_epoch"]}: '
        f'{folder.best}',
        f'curves: {folder.curves}   history: {folder.history}',
        f'the one number on the test split: python tools/test.py {config} {folder.best}',
    ]
    return '\n'.join(lines)
