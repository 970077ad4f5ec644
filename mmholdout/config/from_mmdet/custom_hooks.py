"""Hooks of mmdet and mmengine in `custom_hooks`, 2.x and 3.x."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mmholdout.config.from_mmdet.metric_names import monitor
from mmholdout.config.from_mmdet.rewriting import WIDE, Rewriting, bare, shown, whole

_LOSS = 'every loss is checked before its step'
_DROPPED = {
    'NumClassCheckHook': 'the check of the config compares classes and heads',
    'CheckInvalidLossHook': _LOSS,
    'SyncNormHook': 'a run has one process',
    'SyncBuffersHook': 'a run has one process',
    'DistSamplerSeedHook': 'each epoch draws afresh from randomness.seed',
    'SetEpochInfoHook': 'each epoch draws afresh from randomness.seed',
    'DetVisualizationHook': 'tools/predict.py draws detections',
    'MemoryProfilerHook': 'it changes nothing that is trained',
    'EmptyCacheHook': 'it changes nothing that is trained',
    'SyncRandomSizeHook': 'model.data_preprocessor.batch_augments changes the size',
}
_REFUSED = {
    'MeanTeacherHook': 'semi-supervised training is not available',
    'LinearMomentumEMAHook': 'write, at the top level, ema = dict(momentum=0.0002)',
}
# Average of mmengine and mmdet -> its warm-up here; see config/ema.py.
_AVERAGES = {'ExponentialMovingAverage': 0, 'ExpMomentumEMA': 2000}
_NOT_IN_AVERAGES = {
    'begin_iter': 'an average begins with an epoch; write begin_epoch',
    'resume_from': 'write tools/train.py CONFIG --resume',
    'interval': 'an average takes in every step; leave it out',
    'warm_up': 'the average warms up by itself; leave it out',
}
_PLATEAU = ('ReduceLROnPlateau', 'ReduceOnPlateauLR', 'ReduceLrUpdaterHook')
_STOCK_STOP = ('rule', 'strict', 'check_finite', 'stopping_threshold')


def rewrite_custom_hooks(r: Rewriting) -> None:
    """One by one; what is not known here stays as it is, for it may be the user's own."""
    hooks = r.at('custom_hooks')
    if not isinstance(hooks, list | tuple):
        return
    kept: list[Any] = []
    for i, hook in enumerate(hooks):
        old = ('custom_hooks', i)
        kind = bare(hook.get('type')) if isinstance(hook, dict) else ''
        if kind in _DROPPED:
            r.say(f'custom_hooks.{i}: {kind} -> nothing: {_DROPPED[kind]}')
        elif kind in _REFUSED:
            r.refuse(old, f'{kind}: {_REFUSED[kind]}')
        elif kind in _TRANSLATED:
            new = _TRANSLATED[kind](r, hook, i)
            if new is not None:
                _keep(r, kept, new, i)
        else:
            _keep(r, kept, hook, i)
    r.cfg['custom_hooks'] = kept


def _keep(r: Rewriting, kept: list[Any], hook: Any, i: int) -> None:
    if len(kept) != i:
        r.origins.moved(('custom_hooks', i), ('custom_hooks', len(kept)))
    kept.append(hook)


def _average(r: Rewriting, hook: dict[str, Any], i: int) -> None:
    old = ('custom_hooks', i)
    default = 'ExpMomentumEMA' if bare(hook['type']) == 'ExpMomentumEMAHook' else 'Exponential'
    kind = bare(hook.get('ema_type', default))
    kind = 'ExponentialMovingAverage' if kind == 'Exponential' else kind
    if kind not in _AVERAGES:
        r.refuse(
            old,
            f'an average of type {kind} is not available; write, at the top level, '
            'ema = dict(momentum=0.0002)',
        )
        return
    for key, instead in _NOT_IN_AVERAGES.items():
        if hook.get(key) not in (None, 0, *((1,) if key == 'interval' else ())):
            r.refuse(old, f'{key}: {instead}')
            return
    words = {
        'momentum': hook.get('momentum', 0.0002),
        'gamma': hook.get('gamma', hook.get('total_iter', _AVERAGES[kind])),
    }
    begin = hook.get('begin_epoch', 0)
    if begin:
        words['begin'] = begin  # the number of the epoch, from 1, there as here
    two_x = bare(hook['type']) == 'ExpMomentumEMAHook'
    if not hook.get('update_buffers', two_x and not hook.get('skip_buffers')):
        words['update_buffers'] = False
    r.put(('ema',), words, old, was=hook)
    return


def _early_stop(r: Rewriting, hook: dict[str, Any], i: int) -> dict[str, Any]:
    stock = str(hook['type']).startswith('mmengine.') or any(k in hook for k in _STOCK_STOP)
    name = monitor(hook.get('monitor'))
    if not stock and name == hook.get('monitor'):
        return hook
    new = {'type': 'EarlyStoppingHook', **{k: v for k, v in hook.items() if k != 'type'}}
    new['monitor'] = name
    if stock or name != hook.get('monitor'):
        # There the stop comes with the last tolerated validation, here with the one after it.
        new['patience'] = max(hook.get('patience', 5) - 1, 0)
        new.setdefault('min_delta', 0.1)
    rule = new.pop('rule', None)
    if rule is not None:
        new['mode'] = {'greater': 'max', 'less': 'min'}.get(rule, rule)
    for key in ('strict', 'check_finite'):
        new.pop(key, None)
    if new.pop('stopping_threshold', None) is not None:
        r.refuse(
            ('custom_hooks', i, 'stopping_threshold'),
            'has no counterpart; leave it out, patience stops the run',
        )
    r.say(f'custom_hooks.{i} = {shown(hook)} -> {shown(new)} (the same stop)')
    return new


def _plateau(r: Rewriting, hook: dict[str, Any], i: int) -> dict[str, Any]:
    return plateau_hook(r, hook, ('custom_hooks', i))


def plateau_hook(r: Rewriting, words: dict[str, Any], old: tuple[str | int, ...]) -> dict[str, Any]:
    """`ReduceLROnPlateauHook` for a plateau schedule of mmengine, torch or 2.x.

    Args:
        r: is added to.
        words: its arguments, with torch's or mmengine's names.
        old: where they stand.
    """
    new: dict[str, Any] = {
        'type': 'ReduceLROnPlateauHook',
        'monitor': monitor(words.get('monitor', 'loss')),
        'factor': words.get('factor', 0.1),
        'patience': words.get('patience', 10),
    }
    if words.get('threshold_rule', words.get('threshold_mode')) == 'abs':
        new['min_delta'] = words.get('threshold', 1e-4)
    elif words.get('threshold') is not None or words.get('threshold_rule') == 'rel':
        r.refuse(
            (*old, 'threshold'),
            "a relative threshold has no counterpart; write threshold_rule='abs' and the threshold "
            'as a difference',
        )
    if words.get('cooldown'):
        new['cooldown'] = words['cooldown']
    rule = words.get('rule', words.get('mode'))
    if rule is not None:
        new['mode'] = {'greater': 'max', 'less': 'min'}.get(rule, rule)
    low = words.get('min_value', words.get('min_lr', 0))
    base = r.at('optim_wrapper', 'optimizer', 'lr')
    if low and isinstance(low, int | float) and isinstance(base, int | float) and base > 0:
        new['min_scale'] = low / base
    if whole(words.get('begin')) and words['begin'] > 0:
        new['begin'] = words['begin'] + 1
    r.say(f'{".".join(map(str, old))} = {shown(words)} -> custom_hooks: {shown(new, WIDE)}')
    return new


_TRANSLATED: dict[str, Callable[[Rewriting, dict[str, Any], int], dict[str, Any] | None]] = {
    'EMAHook': _average,
    'ExpMomentumEMAHook': _average,
    'EarlyStoppingHook': _early_stop,
    **dict.fromkeys(_PLATEAU, _plateau),
}
