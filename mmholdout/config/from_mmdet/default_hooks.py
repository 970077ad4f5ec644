"""3.x: mmengine's default hooks to those of this package."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.metric_names import monitor
from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown, whole

_H = 'default_hooks'
_WHOLE = 'the state is always saved whole'
_DROPPED = {
    'timer': 'seconds are always recorded in history.jsonl',
    'param_scheduler': 'the schedule sets the rate',
    'sampler_seed': 'each epoch draws afresh from randomness.seed',
    'visualization': 'tools/predict.py draws detections',
    'runtime_info': 'it is always there',
}
_OF_CHECKPOINT = {
    'save_last': 'the last state is always saved',
    'save_optimizer': _WHOLE,
    'save_param_scheduler': _WHOLE,
    'published_keys': 'best_model.pth holds the weights alone',
    'rule': "the metric's own direction",
    'greater_keys': "the metric's own direction",
    'less_keys': "the metric's own direction",
    'out_dir': 'checkpoints are in the run folder',
    'filename_tmpl': 'checkpoints have names of their own',
    'save_begin': _WHOLE,
    'backend_args': 'files are written to disk',
    'file_client_args': 'files are written to disk',
}


def rewrite_default_hooks(r: Rewriting) -> None:
    """Console and checkpoint; the others need no word."""
    for name, instead in _DROPPED.items():
        r.drop((_H, name), instead)
    if r.has(_H, 'logger'):
        given = r.take(_H, 'logger')
        interval = given.get('interval', 50) if isinstance(given, dict) else 50
        old = (_H, 'logger')
        r.put((_H, 'console', 'interval'), interval, old, was=given)
    if r.has(_H, 'early_stopping'):
        given = r.take(_H, 'early_stopping')
        hooks = r.at('custom_hooks')
        r.set(('custom_hooks',), [*(hooks if isinstance(hooks, list | tuple) else ()), given])
        r.say(f'{_H}.early_stopping = {shown(given)} -> an item of custom_hooks')
    _checkpoint(r)


def _checkpoint(r: Rewriting) -> None:
    place = (_H, 'checkpoint')
    words = r.dict_at(*place)
    if bare(words.get('type', '')) == 'CheckpointHook':
        words['type'] = 'CheckpointHook'
    by_epoch = words.get('by_epoch', True)
    if 'interval' in words:
        value = words.pop('interval')
        old = (*place, 'interval')
        if by_epoch is False:
            r.say(f'{_dot(old)} = {value} -> nothing: the state is saved after each epoch')
        elif whole(value) and value < 1:
            r.say(f'{_dot(old)} = {value} -> nothing: the last and the best are always saved')
        else:
            r.put((*place, 'save_every'), value, old, was=value)
    words.pop('by_epoch', None)
    if 'max_keep_ckpts' in words:
        value = words.pop('max_keep_ckpts')
        keep = value if whole(value) and value > 0 else 0
        r.put(
            (*place, 'keep'),
            keep,
            (*place, 'max_keep_ckpts'),
            was=value,
            why='besides the last and the best',
        )
    _best(r, place, words)
    for key, instead in _OF_CHECKPOINT.items():
        r.drop((*place, key), instead)


def _best(r: Rewriting, place: tuple[str, ...], words: dict[str, Any]) -> None:
    if 'save_best' not in words:
        return
    best = words.pop('save_best')
    old = (*place, 'save_best')
    if best in ('auto', None) or isinstance(best, list | tuple):
        r.say(f'{_dot(old)} = {shown(best)} -> nothing: the first of evaluation.metric selects')
    else:
        r.put(('evaluation', 'save_best'), monitor(best), old, was=best)


def _dot(path: tuple[str, ...]) -> str:
    return '.'.join(path)
