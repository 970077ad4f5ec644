"""Values that a part of the run would refuse: said before anything is built."""

from __future__ import annotations

from typing import Any

from mmholdout.config.problems import Problems, got
from mmholdout.config.registries import find
from mmholdout.config.words import section
from mmholdout.errors import ConfigError

_TEST_CFG = (
    'nms_pre',
    'nms',
    'min_bbox_size',
    'score_thr',
    'max_per_img',
    'multi_label',
    'conf_thr',
    'rpn',
    'rcnn',
)
_TRAIN_CFG = (
    'assigner',
    'reg_assigner',  # DDOD
    'initial_assigner',  # TOOD
    'sampler',
    'smoothl1_beta',
    'allowed_border',
    'pos_weight',
    'neg_pos_ratio',
    'debug',
    'rpn',
    'rcnn',
    'rpn_proposal',
)


# Their work is done elsewhere here; beside it they would do it twice, or differently.
_REFUSED_HOOKS = {
    'LoggerHook': 'default_hooks.console',
    'ParamSchedulerHook': 'schedule',
    'DistSamplerSeedHook': 'nothing: each epoch draws afresh from randomness.seed',
    'IterTimerHook': 'nothing: seconds are always recorded in history.jsonl',
    'RuntimeInfoHook': 'nothing: it is always there',
    'LearningRateHook': 'schedule',
    'ReplayedRateHook': 'tools/refit.py, which puts it in',
    'RecordHook': 'nothing: it is always there',
    'BestModelHook': 'evaluation.save_best',
    'OverfittingHook': 'default_hooks.overfitting',
    'SummaryHook': 'nothing: it is always there',
    'ExactResumeHook': 'exact_resume',
    'CompileHook': 'compile',
    'mmdet.PipelineSwitchHook': 'PipelineSwitchHook without mmdet',
    'mmdet.YOLOXModeSwitchHook': 'YOLOXModeSwitchHook without mmdet',
    'CheckpointHook': 'default_hooks.checkpoint',
    'ConsoleHook': 'default_hooks.console',
    'CurvesHook': 'default_hooks.curves',
}


def check_arguments(cfg: dict[str, Any], words: dict[str, Any], problems: Problems) -> None:
    """Try the schedule and our own hooks, which check their arguments; and the head's free dicts.

    Args:
        cfg: the user's words.
        words: translated.
        problems: is added to.
    """
    _check_schedule(words, problems)
    for i, hook in enumerate(_list(cfg)):
        kind = hook.get('type') if isinstance(hook, dict) else None
        if kind in _REFUSED_HOOKS:
            problems.add(
                ('custom_hooks', i, 'type'), f'{kind} is not added here; use {_REFUSED_HOOKS[kind]}'
            )
            continue
        _try_hook(hook, ('custom_hooks', i), problems)
    for name, hook in section(words, 'default_hooks').items():
        if name in section(cfg, 'default_hooks'):
            _try_hook(hook, ('default_hooks', name), problems)
    _check_near_misses(section(cfg, 'model', 'test_cfg'), 'test_cfg', _TEST_CFG, problems)
    _check_near_misses(section(cfg, 'model', 'train_cfg'), 'train_cfg', _TRAIN_CFG, problems)


def _list(cfg: dict[str, Any]) -> list[Any]:
    hooks = cfg.get('custom_hooks')
    return list(hooks) if isinstance(hooks, list | tuple) else []


def _check_schedule(words: dict[str, Any], problems: Problems) -> None:
    from mmholdout.monitor.rate_product import schedule_of

    schedule = section(words, 'default_hooks', 'rate').get('schedule')
    if not isinstance(schedule, dict):
        return
    try:
        schedule_of(schedule)
    except ConfigError as error:
        problems.take(('schedule',), error)


def _try_hook(hook: Any, path: tuple[Any, ...], problems: Problems) -> None:
    """Build one of our hooks; only these are known to do nothing else when built."""
    if not isinstance(hook, dict):
        return
    thing = find(('HOOKS',), hook.get('type'))
    if thing is None or not getattr(thing, '__module__', '').startswith('mmholdout.hooks'):
        return
    try:
        thing(**{k: v for k, v in hook.items() if k not in ('type', 'priority')})
    except ConfigError as error:
        problems.take(path, error)
    except TypeError as error:
        if 'unexpected keyword' not in str(error):
            problems.add(path, f'{hook["type"]}: {str(error).replace("__init__() ", "")}')


def _check_near_misses(
    words: dict[str, Any], name: str, known: tuple[str, ...], problems: Problems
) -> None:
    """A detector reads these dicts key by key, so that a misspelt key would have no effect.

    Detectors may have keys of their own here; so only a near miss of a known one is refused.
    """
    import difflib

    for key in words:
        if key not in known and (near := difflib.get_close_matches(key, known, 1, 0.8)):
            problems.add(
                ('model', name, key),
                f'is read by no detector (value {got(words[key])}). Did you mean {near[0]!r}?',
            )
