"""What a refit repeats of a finished run: its epochs, its rates, its score thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.config.check import check
from mmholdout.config.load import Loaded
from mmholdout.config.origin import Origins
from mmholdout.config.project import make_importable
from mmholdout.config.translate import translate
from mmholdout.errors import RunFolderError
from mmholdout.history.jsonl import History, Row
from mmholdout.history.run_digests import NAME, read_digests, sha256_of
from mmholdout.hooks import IncreaseBatchSizeOnPlateauHook, ReduceLROnPlateauHook
from mmholdout.monitor.rate_product import schedule_of
from mmholdout.monitor.replayed_schedule import ReplayedSchedule, growth_changes, rate_changes
from mmholdout.report.summary import Summary, read_summary
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.parts import Words
from mmholdout.runner.resolved_config import read_resolved
from mmholdout.runner.score_thresholds import CLASS_SCORE_THRS, chosen_score_thr
from mmholdout.runner.verify_files import ENDED
from mmholdout.runner.verify_steering import foreign_hooks, watchers_of
from mmholdout.runner.verify_subject import BEST

_READ = ('config.py', 'history.jsonl', 'summary.json', BEST)
_SAME = 1e-9  # relative; a rate is a product of a few floats


def plan_refit(work_dir: str | Path) -> tuple[Words, list[str]]:
    """The config of the refit of a run, with its `refit` section, and what the user should know.

    Args:
        work_dir: folder of a finished run.

    Raises:
        RunFolderError: no run, one that has not ended, a refit, one whose files were changed, or
            one whose rates do not follow from its config and history.
    """
    folder = Path(work_dir)
    if not (folder / 'config.py').is_file():
        raise RunFolderError(f'{folder} holds no run: there is no {folder / "config.py"}')
    cfg = read_resolved(folder / 'config.py')
    if cfg.get('refit'):
        raise RunFolderError(
            f'{folder} is a refit itself (of {cfg["refit"]["of"]}): it was not validated, so that '
            'it has chosen nothing that could be repeated. Refit that run, into another --work-dir'
        )
    summary = _ended(folder)
    meta = read_checkpoint(folder / BEST)['meta']
    make_importable((folder / 'config.py').absolute())
    words = translate(cfg)
    check(Loaded(cfg, Origins()), words)
    rows = History(folder / 'history.jsonl').rows
    refit, notices = _chosen(folder, meta, words, rows)
    refit |= {
        'of': str(work_dir),
        'checkpoint': sha256_of(folder / BEST),
        'monitor': summary.monitor,
        'value': summary.best,
        'score_thr': chosen_score_thr(meta),
        CLASS_SCORE_THRS: dict(meta.get(CLASS_SCORE_THRS, {})),
    }
    notices += [
        f'{name} acts on validations, of which a refit has none: what it did in {folder} is not '
        'repeated'
        for name in foreign_hooks(words)
    ]
    return {**cfg, 'refit': refit}, notices


def _ended(folder: Path) -> Summary:
    """The summary of a run that has ended and chosen a model, and is as it was written."""
    path = folder / 'summary.json'
    summary = read_summary(path) if path.is_file() else None
    recorded = read_digests(folder)
    if summary is None or summary.stop_reason not in ENDED or recorded is None:
        why = f'stopped: {summary.stop_reason}' if summary else 'there is no summary.json'
        why = why if recorded or not summary else f'there is no {NAME}'
        raise RunFolderError(
            f'the run in {folder} has not ended ({why}), so that it is not known which epoch '
            'validation chooses. Finish it with tools/train.py --resume'
        )
    if summary.best_epoch is None:
        raise RunFolderError(
            f'no validation of {folder} gave a finite value, so that no epoch was chosen'
        )
    changed = [n for n in _READ if not _is(folder / n, recorded.get(n))]
    if changed:
        raise RunFolderError(
            f'{", ".join(changed)} in {folder} is not what the run wrote ({NAME}), so that what '
            'validation chose is not known. tools/verify_run.py says more'
        )
    return summary


def _is(path: Path, digest: str | None) -> bool:
    return path.is_file() and sha256_of(path) == digest


def _chosen(
    folder: Path, meta: dict[str, Any], words: Words, rows: list[Row]
) -> tuple[Words, list[str]]:
    """Epochs, cuts and growths up to the best validation; checked against the recorded rates."""
    per_epoch, at = int(meta['iters_per_epoch']), int(meta['iter'])
    rows = [row for row in rows if row['iter'] <= at]
    misplaced = [row for row in rows if -(-row['iter'] // per_epoch) != row['epoch']]
    if misplaced:
        raise RunFolderError(
            f'{folder}: epoch {misplaced[0]["epoch"]} ends with iteration {misplaced[0]["iter"]}, '
            f'but an epoch had {per_epoch} iterations when the best model was kept: the training '
            'split was changed on resume, and there is no one schedule to repeat'
        )
    loop = words['train_cfg']
    epochs = max(1, round(at / per_epoch))
    notices = []
    if at % per_epoch:
        notices.append(
            f'the best validation came after {at / per_epoch:.2f} epochs; {epochs} whole epochs '
            'are trained'
        )
    refit = {
        'epochs': epochs,
        'max_epochs': loop.get('max_epochs') or loop['max_iters'] / per_epoch,
        'iters_per_epoch': per_epoch,
        'rate_cuts': [
            (_epochs(iteration, per_epoch), scale)
            for iteration, scale in rate_changes(
                rows, watchers_of(words, ReduceLROnPlateauHook, per_epoch)
            )
            if iteration < at
        ],
        'batch_growths': [
            (_epochs(iteration, per_epoch), scale)
            for iteration, scale in growth_changes(
                rows, watchers_of(words, IncreaseBatchSizeOnPlateauHook, per_epoch)
            )
            if iteration < at
        ],
    }
    check_rates(folder, words, refit, rows, per_epoch)
    return refit, notices


def _epochs(iteration: int, per_epoch: int) -> float:
    return iteration / per_epoch if iteration % per_epoch else iteration // per_epoch


def check_rates(folder: Path, words: Words, refit: Words, rows: list[Row], per_epoch: int) -> None:
    """Compare the recorded rate of every row with what is (to be) repeated.

    The base rate drops out: it is the same in all rows.

    Args:
        folder: of the run, for the message.
        words: its translated config.
        refit: see `config.refit`.
        rows: its history.
        per_epoch: iterations of an epoch in this history.

    Raises:
        RunFolderError: they differ.
    """
    replayed = ReplayedSchedule(
        schedule_of(words['default_hooks']['rate']['schedule']),
        refit['max_epochs'],
        refit['iters_per_epoch'],
        refit['rate_cuts'],
        refit['batch_growths'],
    )
    base = None
    for row in rows:
        factor = replayed.factor(int(row['iter']) - 1, per_epoch)
        if factor <= 0:
            continue
        base = base or row['lr'] / factor
        if abs(row['lr'] - base * factor) > _SAME * base * factor:
            raise RunFolderError(
                f'{folder}: the rate in epoch {row["epoch"]} was {row["lr"]:g}, but config and '
                f'validations lead to {base * factor:g}. Rate, schedule or rules were changed on '
                'resume, or a hook of your own sets the rate; it cannot be repeated. Write a '
                'config for train and val with the epochs and rates that you want'
            )
