"""`ema`: the averaged weights, as a word of the top level instead of a hook in a list."""

from __future__ import annotations

from typing import Any

from mmholdout.config.origin import KeyPath
from mmholdout.config.problems import Problems, got
from mmholdout.config.registries import find
from mmholdout.config.words import SECTIONS, section
from mmholdout.errors import ConfigError

_KEYS = SECTIONS[('ema',)]
# mmengine's and mmdet's kinds of average -> their warm-up here; None: there is none such.
_KINDS = {
    'ExponentialMovingAverage': 0,
    'ExpMomentumEMA': 2000,
    'MomentumAnnealingEMA': None,
    'StochasticWeightAverage': None,
}


def ema_words(cfg: dict[str, Any]) -> dict[str, Any] | None:
    """Arguments of the hook; None without an average."""
    given = cfg.get('ema')
    if isinstance(given, dict):
        return given
    return {} if given is True else None


def check_ema(cfg: dict[str, Any], problems: Problems, said: set[KeyPath]) -> None:
    """Values that cannot be, and the hook of mmengine and mmdet, with the line to write instead.

    Args:
        cfg: the user's words.
        problems: is added to.
        said: key paths that have had their message; is added to.
    """
    given = cfg.get('ema')
    if given is not None and not isinstance(given, bool | dict):
        problems.add(('ema',), f'must be a dict, True or False, got {got(given)}')
    words = {k: v for k, v in (ema_words(cfg) or {}).items() if k in _KEYS}
    try:
        find(('HOOKS',), 'EMAHook')(**words)
    except ConfigError as error:
        problems.take(('ema',), error)
    begin, epochs = words.get('begin'), section(cfg, 'train_cfg').get('max_epochs')
    if isinstance(begin, int) and isinstance(epochs, int) and begin > epochs:
        problems.add(
            ('ema', 'begin'), f'{begin} is beyond train_cfg.max_epochs={epochs}: no average'
        )
    hooks = cfg.get('custom_hooks')
    for i, hook in enumerate(hooks if isinstance(hooks, list | tuple) else ()):
        if isinstance(hook, dict) and str(hook.get('type')).rpartition('.')[2] == 'EMAHook':
            problems.add(('custom_hooks', i), f'EMAHook is not listed here; {_instead(hook)}')
            said.update(('custom_hooks', i, key) for key in hook)


def _instead(hook: dict[str, Any]) -> str:
    kind = str(hook.get('ema_type', 'ExponentialMovingAverage')).rpartition('.')[2]
    gamma = _KINDS.get(kind)
    if gamma is None:
        return f'{kind} is not available. Write, at the top level, ema = dict(momentum=0.0002)'
    words = {'momentum': hook.get('momentum', 0.0002), 'gamma': hook.get('gamma', gamma)}
    if hook.get('begin_epoch'):
        words['begin'] = hook['begin_epoch']
    if not hook.get('update_buffers', False):
        words['update_buffers'] = False
    line = f'ema = dict({", ".join(f"{k}={v!r}" for k, v in words.items())})'
    late = '; it begins with an epoch, not with an iteration' if hook.get('begin_iter') else ''
    return f'write, at the top level, {line}{late}'
