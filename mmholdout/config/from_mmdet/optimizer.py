"""2.x: `optimizer`, `optimizer_config` and `fp16` to `optim_wrapper`."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown

_WRAPPER = 'optim_wrapper'
_PLAIN = ('OptimizerHook', 'GradientCumulativeOptimizerHook')
_MIXED = ('Fp16OptimizerHook', 'GradientCumulativeFp16OptimizerHook')


def rewrite_optimizer(r: Rewriting) -> None:
    """The optimizer, clipping, accumulation and mixed precision."""
    if r.has('optimizer'):
        _optimizer(r, r.take('optimizer'))
    if r.has('optimizer_config'):
        _config(r, r.take('optimizer_config'))
    if r.has('fp16'):
        given = r.take('fp16')
        if given is not None:
            _mixed(r, given if isinstance(given, dict) else {}, ('fp16',))


def _optimizer(r: Rewriting, given: Any) -> None:
    if not isinstance(given, dict):
        r.refuse(('optimizer',), f'must be a dict, got {shown(given)}')
        return
    words = dict(given)
    for key in ('paramwise_cfg', 'constructor'):
        value = words.pop(key, None)
        if value is not None and value != 'DefaultOptimizerConstructor':
            r.put((_WRAPPER, key), value, ('optimizer', key), was=value)
    r.put((_WRAPPER, 'optimizer'), words, ('optimizer',), was=words)
    if not r.has(_WRAPPER, 'type'):
        r.set((_WRAPPER, 'type'), 'OptimWrapper')


def _config(r: Rewriting, given: Any) -> None:
    if not isinstance(given, dict):
        if given is not None:
            r.refuse(('optimizer_config',), f'must be a dict, got {shown(given)}')
        return
    kind = bare(given.get('type', 'OptimizerHook'))
    if kind in _MIXED:
        _mixed(r, {k: given[k] for k in ('loss_scale',) if k in given}, ('optimizer_config',))
    elif kind not in _PLAIN:
        r.refuse(
            ('optimizer_config', 'type'),
            f'{kind!r} has no counterpart; write optim_wrapper=dict(clip_grad=dict(max_norm=...), '
            'accumulative_counts=...)',
        )
    for key, value in given.items():
        old = ('optimizer_config', key)
        if key == 'grad_clip':
            if value is None:
                r.say('optimizer_config.grad_clip = None -> nothing: gradients are not clipped')
            else:
                r.put((_WRAPPER, 'clip_grad'), value, old, was=value)
        elif key == 'cumulative_iters':
            r.put((_WRAPPER, 'accumulative_counts'), value, old, was=value)
        elif key in ('coalesce', 'bucket_size_mb', 'distributed', 'detect_anomalous_params'):
            r.say(f'optimizer_config.{key} = {value} -> nothing: a run has one process')
        elif key not in ('type', 'loss_scale') and kind in (*_PLAIN, *_MIXED):
            r.refuse(
                old, 'has no counterpart; optim_wrapper takes clip_grad and accumulative_counts'
            )


def _mixed(r: Rewriting, given: dict[str, Any], old: tuple[str, ...]) -> None:
    r.set((_WRAPPER, 'type'), 'OptimWrapper')
    r.take(_WRAPPER, 'type')
    r.put((_WRAPPER, 'type'), 'AmpOptimWrapper', old, was=given)
    for key, value in given.items():
        if key == 'loss_scale':
            r.put((_WRAPPER, key), value, (*old, key), was=value)
        else:
            r.refuse((*old, key), 'has no counterpart; fp16 takes loss_scale')
