"""The user's words to the runner's: a pure function from dict to dict."""

from __future__ import annotations

import copy
from typing import Any

from mmholdout.config.compile import compile_words
from mmholdout.config.ema import ema_words
from mmholdout.config.evaluation import evaluation_words
from mmholdout.config.fold import in_fold
from mmholdout.config.leaves import leaves
from mmholdout.config.metric_words import (
    ALL_METRICS_TYPE,
    METRIC_TYPE,
    asked_besides,
    measures_besides,
)
from mmholdout.config.pipelines import annotations_first
from mmholdout.config.words import HOOK_TYPES, LOOP_TYPES, SPLITS, section

_USED_UP = ('evaluation', 'schedule', 'data_root', 'ema', 'exact_resume', 'compile')


def translate(cfg: dict[str, Any]) -> dict[str, Any]:
    """What the runner is built from.

    `evaluation`, `schedule`, `ema` and `data_root` are distributed over loops, evaluators, hooks
    and datasets; loops, hooks and evaluators get their default types. The input stays as it is, and
    what is wrong with it goes through untouched: `check` says it.
    """
    words = copy.deepcopy({k: v for k, v in cfg.items() if k not in _USED_UP})
    evaluation = evaluation_words(cfg)
    _loops(words, evaluation)
    _evaluators(words, evaluation)
    _hooks(words, cfg, evaluation)
    for split in SPLITS:
        _datasets(words, split, cfg.get('data_root'), evaluation)
    words.setdefault('custom_hooks', [])
    words.setdefault('randomness', {'seed': 0, 'deterministic': False})
    return words


def _loops(words: dict[str, Any], evaluation: dict[str, Any]) -> None:
    steering = {
        'train_cfg': {k: evaluation[k] for k in ('interval', 'by_epoch', 'begin')},
        'val_cfg': {k: evaluation[k] for k in ('loss', 'train_eval', 'bootstrap')},
        'test_cfg': {},
    }
    for name, kind in LOOP_TYPES.items():
        if name == 'test_cfg' and not words.get('test_dataloader'):
            words.pop(name, None)
            continue
        words[name] = {'type': kind, **section(words, name), **steering[name]}


def _evaluators(words: dict[str, Any], evaluation: dict[str, Any]) -> None:
    for name in ('val_evaluator', 'test_evaluator'):
        if name == 'test_evaluator' and not words.get('test_dataloader'):
            words.pop(name, None)
            continue
        given = words.get(name)
        if name == 'test_evaluator' and given is None:
            given = copy.deepcopy(words['val_evaluator'])
        if isinstance(given, list | tuple):
            words[name] = [_evaluator(one, evaluation) for one in given]
        else:
            words[name] = _evaluator(given, evaluation)


def _evaluator(given: Any, evaluation: dict[str, Any]) -> Any:
    if given is not None and not isinstance(given, dict):
        return given
    words = {'type': METRIC_TYPE, **(given or {})}
    if measures_besides(words):
        words['iou_thr'] = evaluation['iou_thr']
        besides = asked_besides(evaluation['metric'])
        if besides:
            words |= {'type': ALL_METRICS_TYPE, 'also': list(besides)}
    return words


def _hooks(words: dict[str, Any], cfg: dict[str, Any], evaluation: dict[str, Any]) -> None:
    schedule = copy.deepcopy(cfg.get('schedule')) or {'type': 'constant'}
    given = section(words, 'default_hooks')
    hooks: dict[str, Any] = {
        'runtime_info': {'type': 'RuntimeInfoHook'},
        'rate': {'type': 'LearningRateHook', 'schedule': schedule},
        'record': {'type': 'RecordHook'},
        'best': {'type': 'BestModelHook', 'monitor': evaluation['save_best']},
        'summary': {'type': 'SummaryHook'},
        'exact': {'type': 'ExactResumeHook', 'exact': cfg.get('exact_resume', True)},
    }
    for name, kind in HOOK_TYPES.items():
        hook = given.get(name, {})
        if isinstance(hook, dict):  # None switches it off
            hooks[name] = {'type': kind, **hook}
    ema = ema_words(cfg)
    if ema is not None:
        hooks['ema'] = {'type': 'EMAHook', **ema}
    compiled = compile_words(cfg)
    if compiled is not None:
        hooks['compile'] = {'type': 'CompileHook', **compiled}
    words['default_hooks'] = hooks


def _datasets(
    words: dict[str, Any], split: str, data_root: Any, evaluation: dict[str, Any]
) -> None:
    held_out = split != 'train'
    for _, leaf in leaves(words, split):
        if data_root is not None:
            leaf['data_root'] = data_root
        in_fold(leaf, split, words.get('fold'))
        if held_out and 'pipeline' in leaf:
            needed = split == 'val' and evaluation['loss'] is True
            leaf['pipeline'], _ = annotations_first(leaf['pipeline'], needed=needed)
