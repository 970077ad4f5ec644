"""`compile`: whether torch compiles the model's training passes."""

from __future__ import annotations

from typing import Any

from mmholdout.config.problems import Problems, got

# Keywords of torch.compile that a config can state.
KEYS = ('backend', 'dynamic', 'fullgraph', 'mode', 'options')


def compile_words(cfg: dict[str, Any]) -> dict[str, Any] | None:
    """Keywords of `torch.compile`; None where nothing is compiled."""
    given = cfg.get('compile')
    if isinstance(given, dict):
        return given
    return {} if given is True else None


def check_compile(cfg: dict[str, Any], problems: Problems) -> None:
    """Values that `torch.compile` would refuse at the first step.

    Args:
        cfg: the user's words.
        problems: is added to.
    """
    given = cfg.get('compile')
    if given is not None and not isinstance(given, bool | dict):
        problems.add(('compile',), f'must be a dict, True or False, got {got(given)}')
    words = compile_words(cfg) or {}
    for key in words:
        if key not in KEYS:
            problems.unknown(('compile', key), f'torch.compile has no {key!r} here', KEYS)
    if 'mode' in words and 'options' in words:
        problems.add(('compile',), 'torch.compile takes mode or options, not both')
