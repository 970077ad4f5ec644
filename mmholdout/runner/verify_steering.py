"""Best epoch, cuts of the rate and stop, decided once more from the recorded history."""

from __future__ import annotations

import math
from typing import Any

from mmholdout.config.monitors import declared_metrics
from mmholdout.errors import RunFolderError
from mmholdout.history.jsonl import Row
from mmholdout.hooks import EarlyStoppingHook, ReduceLROnPlateauHook, SteeringHook
from mmholdout.monitor.gate import CountingGate
from mmholdout.monitor.rate_product import schedule_of
from mmholdout.monitor.replay import Replayed, Watcher, replay
from mmholdout.monitor.resolve import resolve_monitor
from mmholdout.registry import HOOKS
from mmholdout.report.summary import Summary, read_summary
from mmholdout.runner.parts import Words
from mmholdout.runner.steering_record import UNKNOWN
from mmholdout.runner.verify_files import ENDED
from mmholdout.runner.verify_subject import BEST, Subject

LAST = 'checkpoints/last.pth'
_OURS = (ReduceLROnPlateauHook, EarlyStoppingHook)


def verify_steering(subject: Subject) -> None:
    """summary.json and best_model.pth say what follows from history.jsonl and the config."""
    with subject.step('what follows from the history'):
        words, rows = subject.words(), subject.rows()
        if not rows:
            raise RunFolderError('history.jsonl has no rows')
        best_key, replayed = replay_run(words, rows)
        problems, said = [], [f'{len(rows)} rows']
        foreign = _foreign(subject, words)
        if subject.has('summary.json'):
            summary = read_summary(subject.folder / 'summary.json')
            problems += _of_summary(summary, best_key, replayed, bool(foreign))
            if not foreign:
                problems += _of_end(summary, words, rows, replayed)
        if replayed.best is not None and subject.has(BEST):
            problems += _of_best(subject.meta(BEST), best_key, replayed.best, rows)
            said.append(f'the best {best_key} is that of epoch {replayed.best[1]}')
        said += [f'rate cut after epoch {epoch}' for epoch in replayed.cuts if not foreign]
        if replayed.stop_epoch is not None and not foreign:
            said.append(f'early stop after epoch {replayed.stop_epoch}')
        where = f'{subject.folder / "history.jsonl"} and the config: '
        subject.found.take(
            [f'{where}{problem}' for problem in problems],
            f'history.jsonl: {", ".join(said)}; summary.json and {BEST} agree',
        )
        subject.found.not_checked += [f'cuts of the rate and the stop: {why}' for why in foreign]


def replay_run(words: Words, rows: list[Row]) -> tuple[str, Replayed]:
    """The key that chooses the best model, and what the history leads to."""
    declared = declared_metrics(words)
    best_key, mode = resolve_monitor(words['default_hooks']['best']['monitor'], declared)
    per_epoch = _iters_per_epoch(rows)
    plateaus, stops = (watchers_of(words, kind, per_epoch) for kind in _OURS)
    return best_key, replay(rows, best_key, mode, plateaus, stops)


def watchers_of(words: Words, kind: type, iters_per_epoch: int) -> list[Watcher[Any]]:
    """The decisions of all hooks of one kind, as they are before the first validation."""
    declared = declared_metrics(words)
    schedule = schedule_of(words['default_hooks']['rate']['schedule'])
    warmup = schedule.warmup_length(iters_per_epoch)
    found = []
    for config in words['custom_hooks'] or ():
        if HOOKS.get(str(config['type'])) is kind:
            hook: Any = HOOKS.build({k: v for k, v in config.items() if k != 'priority'})
            key, mode = resolve_monitor(hook.monitor, declared)
            hook.set_mode(mode)
            found.append(Watcher(key, CountingGate(hook.begin, warmup), hook.decision))
    return found


def _iters_per_epoch(rows: list[Row]) -> int:
    """As many as the rows show; exact where one of them is from the end of an epoch."""
    counts = [-(-int(row['iter']) // int(row['epoch'])) for row in rows if row.get('epoch')]
    return max(counts, default=1)


def foreign_hooks(words: Words) -> list[str]:
    """Names of hooks that act on validations and are not of this package."""
    kinds = [HOOKS.get(str(config['type'])) for config in words['custom_hooks'] or ()]
    return [
        kind.__name__
        for kind in kinds
        if isinstance(kind, type)
        and issubclass(kind, SteeringHook)
        and not kind.__module__.startswith('mmholdout.')
    ]


def _foreign(subject: Subject, words: Words) -> list[str]:
    """What steered this run besides the rules of its config, of which alone we can judge."""
    why = [f'{name} is not a hook of this package' for name in foreign_hooks(words)]
    if any(config.get('significance') is not None for config in words['custom_hooks'] or ()):
        why.append('significance= compared detections image by image, which no history holds')
    if subject.has(LAST):
        rules = subject.meta(LAST).get('steering', [UNKNOWN])
        if len(rules) > 1 or UNKNOWN in rules:
            why.append('the rules in the config were changed on resume (or are not on record)')
    return why


def _of_summary(summary: Summary, best_key: str, replayed: Replayed, foreign: bool) -> list[str]:
    value, epoch, _ = replayed.best or (None, None, None)
    expected: dict[str, Any] = {'monitor': best_key, 'best': value, 'best_epoch': epoch}
    if not foreign:
        expected['lr_cuts'] = replayed.cuts
    return [
        f'{name} is {wanted!r}, but summary.json says {getattr(summary, name)!r}'
        for name, wanted in expected.items()
        if getattr(summary, name) != wanted
    ]


def _of_end(summary: Summary, words: Words, rows: list[Row], replayed: Replayed) -> list[str]:
    reason, stopped = summary.stop_reason, summary.stopped_epoch
    loop, last = words['train_cfg'], rows[-1]
    if reason not in ENDED:
        return []
    if reason == 'early_stop':
        if replayed.stop_epoch == stopped == last['epoch']:
            return []
        stop = f'epoch {replayed.stop_epoch}' if replayed.stop_epoch else 'no epoch'
        return [
            f'early stop comes after {stop} and the last row is of epoch {last["epoch"]}, but '
            f'summary.json says early_stop after epoch {stopped}'
        ]
    limit = loop.get(reason)
    reached = last['epoch' if reason == 'max_epochs' else 'iter']
    problems = []
    if reached != limit or stopped != last['epoch']:
        problems.append(
            f'the last row is of epoch {last["epoch"]}, iteration {last["iter"]}, and {reason} is '
            f'{limit}, but summary.json says {reason} after epoch {stopped}'
        )
    if replayed.stop_epoch is not None and replayed.stop_epoch < last['epoch']:
        problems.append(
            f'the run was to stop after epoch {replayed.stop_epoch} ({replayed.stop_sentence}), '
            f'but went on to epoch {last["epoch"]}'
        )
    return problems


def _of_best(
    meta: dict[str, Any], key: str, best: tuple[float, int, int], rows: list[Row]
) -> list[str]:
    value, epoch, iteration = best
    row = next(r for r in rows if (r['epoch'], r['iter']) == (epoch, iteration))
    chosen = meta['chosen']
    expected = {'monitor': key, 'value': value}
    expected |= {name: number for name, number in row.items() if '/' in name}
    given = {
        name: number
        for name, number in chosen.items()
        if not isinstance(number, float) or math.isfinite(number)
    }
    problems = []
    if (meta['epoch'], meta['iter']) != (epoch, iteration):
        problems.append(
            f'the best is epoch {epoch}, iteration {iteration}, but {BEST} is of epoch '
            f'{meta["epoch"]}, iteration {meta["iter"]}'
        )
    return problems + [
        f'{name} of the best epoch is {expected.get(name)!r}, but {BEST} says {given.get(name)!r}'
        for name in sorted(expected.keys() | given.keys())
        if expected.get(name) != given.get(name)
    ]
