"""`eta_min` of mmengine's schedulers as a part of the rate that they begin with."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.from_mmdet.run_length import base_rate
from mmholdout.monitor.rate_part import RatePart

_MULTIPLIERS = ('bias_lr_mult', 'dcn_offset_lr_mult', 'custom_keys')
Words = dict[str, Any]


def with_floors(r: Rewriting, parts: list[Words]) -> None:
    """Give each cosine and poly its `min_factor`; where that is no constant, refuse.

    mmengine pulls the present rate towards `eta_min`. That is a factor of the rate at `begin`
    only if no other scheduler moves the rate between `begin` and `end`.

    Args:
        r: is added to.
        parts: words of `RatePart`, with `path` and, for these two, `floor`; changed in place.
    """
    for part in parts:
        low, ratio = part.pop('floor', (0, None))
        if part['type'] not in ('cosine', 'poly'):
            continue
        part['min_factor'] = 0.0
        if not low and not ratio:
            continue
        base = base_rate(r)
        if ratio is None and base is None:
            r.refuse(part['path'], 'eta_min needs optim_wrapper.optimizer.lr; or eta_min_ratio')
            continue
        others = [other for other in parts if other is not part and _moves(other)]
        meeting = [other for other in others if _meet(part, other)]
        if meeting:
            names = ', '.join(_name(other) for other in meeting)
            r.refuse(
                part['path'],
                f'eta_min while {names} moves the rate too: mmengine gives no product there; begin '
                "it where the other ends, or write schedule=dict(type='cosine', min_factor=..., "
                'warmup=dict(iters=...))',
            )
            continue
        if ratio is None and low and _several_rates(r):
            r.refuse(
                part['path'],
                'eta_min is one rate for all parameter groups, whose rates differ '
                '(paramwise_cfg); write eta_min_ratio',
            )
            continue
        held = 1.0
        for other in others:
            held *= _held(other, part)
        part['min_factor'] = (ratio if ratio is not None else low / float(base or 1)) / held


def _moves(part: Words) -> bool:
    return not (part['type'] == 'constant' and part['factor'] == 1)


def _name(part: Words) -> str:
    return f'the {part["type"]} factor from {part["begin"]} to {part["end"]}'


def _meet(part: Words, other: Words) -> bool:
    """Whether the other may move while the part does."""
    if other['type'] == 'cosine' and other.get('smooth'):
        return True  # where it stops depends on the iterations of an epoch
    if part['by_epoch'] == other['by_epoch']:
        return bool(other['begin'] < part['end'] and part['begin'] < _end(other))
    if other['by_epoch']:  # epochs within iterations: how many there are is not known
        return True
    # A warm-up in iterations ends within the first epoch, or before the epoch that follows.
    return other['begin'] > 0 or (part['begin'] == 0 and bool(part.get('smooth')))


def _held(other: Words, part: Words) -> float:
    """What the other has left behind where the part begins."""
    if part['by_epoch'] == other['by_epoch'] and other['begin'] >= part['end']:
        return 1.0
    own = {k: v for k, v in other.items() if k not in ('path', 'floor')}
    behind = other['end'] or 0
    return RatePart(**own).factor(behind, behind, 1)


def _end(part: Words) -> float:
    return float('inf') if part['end'] is None else float(part['end'])


def _several_rates(r: Rewriting) -> bool:
    words = r.dict_at('optim_wrapper', 'paramwise_cfg')
    custom = words.get('custom_keys')
    if isinstance(custom, dict):
        return any(isinstance(v, dict) and v.get('lr_mult', 1) != 1 for v in custom.values())
    return any(words.get(key, 1) != 1 for key in _MULTIPLIERS if key != 'custom_keys')
