"""`optim_wrapper`: accumulation, clipping and mixed precision, whose mistakes show late."""

from __future__ import annotations

from typing import Any

from mmholdout.config.problems import Problems, got
from mmholdout.config.words import section

_NORM = frozenset({'type', 'max_norm', 'norm_type', 'error_if_nonfinite', 'foreach'})
_VALUE = frozenset({'type', 'clip_value', 'foreach'})
_DTYPES = ('float16', 'bfloat16')
_SCALER = frozenset({'init_scale', 'growth_factor', 'backoff_factor', 'growth_interval'})


def check_optim(cfg: dict[str, Any], problems: Problems) -> None:
    """What torch or mmengine would refuse at the first update, or not at all."""
    words = section(cfg, 'optim_wrapper')
    kind = words.get('type', 'OptimWrapper')
    name = kind if isinstance(kind, str) else f'{kind.__module__}.{kind.__name__}'
    bare = name.rpartition('.')[2]
    if bare == 'ApexOptimWrapper':
        problems.add(('optim_wrapper', 'type'), f'{got(kind)} is not available; {_AMP}')
    elif bare == 'AmpOptimWrapper':
        if name not in (bare, f'mmholdout.{bare}') and not name.startswith('mmholdout.loops.'):
            problems.add(('optim_wrapper', 'type'), f"{name}: mmengine's needs CUDA; {_AMP}")
        _check_amp(words, problems)
    counts = words.get('accumulative_counts', 1)
    if not isinstance(counts, int) or isinstance(counts, bool) or counts < 1:
        problems.add(
            ('optim_wrapper', 'accumulative_counts'), f'must be an integer >= 1, got {got(counts)}'
        )
    _check_clip(words.get('clip_grad'), problems)


_AMP = "write type='AmpOptimWrapper'"


def _check_amp(words: dict[str, Any], problems: Problems) -> None:
    dtype = words.get('dtype')
    if dtype is not None and dtype not in _DTYPES:
        problems.add(
            ('optim_wrapper', 'dtype'),
            f'must be one of {", ".join(map(repr, _DTYPES))} or None (float16 on CUDA, bfloat16 on '
            f"a CPU), got {got(dtype)}; for float32 use type='OptimWrapper'",
        )
    scale = words.get('loss_scale', 'dynamic')
    path = ('optim_wrapper', 'loss_scale')
    if isinstance(scale, dict):
        for key in scale:
            if key not in _SCALER:
                problems.unknown((*path, key), f'the loss scaler does not take {key!r}', _SCALER)
    elif scale != 'dynamic' and not _positive(scale):
        problems.add(path, f"must be 'dynamic', a number > 0 or a dict, got {got(scale)}")


def _check_clip(clip: Any, problems: Problems) -> None:
    path = ('optim_wrapper', 'clip_grad')
    if clip is None:
        return
    if not isinstance(clip, dict):
        problems.add(path, f'must be a dict or None, say dict(max_norm=10.0), got {got(clip)}')
        return
    kind = clip.get('type', 'norm')
    if kind not in ('norm', 'value'):
        problems.add((*path, 'type'), f"must be 'norm' or 'value', got {got(kind)}")
        return
    needed, taken = ('max_norm', _NORM) if kind == 'norm' else ('clip_value', _VALUE)
    for key in (_NORM | _VALUE) - taken:
        if key in clip:
            problems.add((*path, key), f'is not taken where type is {kind!r}')
    misspelt = set(clip) - _NORM - _VALUE  # which the schema says
    if not _positive(clip.get(needed)) and not misspelt:
        problems.add((*path, needed), f'must be a number > 0, got {got(clip.get(needed))}')


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
