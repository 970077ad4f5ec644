"""`ema`: the averaged weights, as a word of the top level instead of a hook in a list."""

from __future__ import annotations

from typing import Any

from mmholdout.config.problems import Problems, got
from mmholdout.config.registries import find
from mmholdout.config.words import SECTIONS, section
from mmholdout.errors import ConfigError

_KEYS = SECTIONS[('ema',)]


def ema_words(cfg: dict[str, Any]) -> dict[str, Any] | None:
    """Arguments of the hook; None without an average."""
    given = cfg.get('ema')
    if isinstance(given, dict):
        return given
    return {} if given is True else None


def check_ema(cfg: dict[str, Any], problems: Problems) -> None:
    """Values that cannot be; the hook of mmengine and mmdet is translated when it is loaded.

    Args:
        cfg: the user's words.
        problems: is added to.
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
