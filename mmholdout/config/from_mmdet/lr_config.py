"""2.x: `lr_config` to `schedule`.

mmcv 1.x evaluates a closed form, warm-up times rule, so that it is reproduced exactly:
`rule(progress) * warm-up(iteration)`, progress in epochs or iterations completed.
"""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.custom_hooks import plateau_hook
from mmholdout.config.from_mmdet.rewriting import Rewriting, shown, whole
from mmholdout.config.from_mmdet.run_length import base_rate, run_length

_C = 'lr_config'
_WARMUP = ('warmup', 'warmup_iters', 'warmup_ratio', 'warmup_by_epoch')
_PLATEAU = ('plateau', 'reducelronplateau', 'reducelr')
_POLICIES = 'fixed, step, exp, poly, CosineAnnealing and ReduceLROnPlateau'
_PRODUCT = (
    "schedule=dict(type='product', factors=[dict(type='quadratic', end=5, smooth=True), "
    "dict(type='cosine', begin=5, end=285, length=280, min_factor=0.05, smooth=True)])"
)
Words = dict[str, Any]


def rewrite_lr_config(r: Rewriting) -> None:
    """The rule and its warm-up."""
    if r.has('momentum_config'):
        given = r.take('momentum_config')
        if given is not None:
            r.refuse(('momentum_config',), 'momentum keeps its value here; leave it out')
    if not r.has(_C):
        return
    given = r.take(_C)
    if not isinstance(given, dict):
        r.refuse((_C,), f'must be a dict, got {shown(given)}')
        return
    rule = _rule(r, dict(given))
    if rule is None:
        return
    schedule = _with_warmup(r, given, rule)
    if schedule is not None:
        r.put(('schedule',), schedule, (_C,), was=given)


def _rule(r: Rewriting, given: Words) -> Words | None:
    policy = str(given.get('policy', 'fixed'))
    name = policy.lower()
    known = {'policy', 'by_epoch', *_WARMUP}
    by_epoch = given.get('by_epoch', True)
    if name in _PLATEAU:
        own = {k: v for k, v in given.items() if k not in known}
        hooks = r.at('custom_hooks')
        hook = plateau_hook(r, own, (_C,))
        r.cfg['custom_hooks'] = [*(hooks if isinstance(hooks, list | tuple) else ()), hook]
        return {'type': 'constant'}
    if name not in _RULES:
        hint = f'; YOLOX writes {_PRODUCT}' if name == 'yolox' else ''
        r.refuse((_C, 'policy'), f'{policy!r} has no counterpart; there are {_POLICIES}{hint}')
        return None
    taken, build = _RULES[name]
    foreign = [key for key in given if key not in known and key not in taken]
    for key in foreign:
        r.refuse((_C, key), f'has no counterpart for policy {policy!r}; leave it out')
    rule: Words | None = {'type': 'constant'}
    if build is not None:
        rule = build(r, given)
    elif name == 'exp':
        rule = {'type': 'decay', 'gamma': given.get('gamma', 0.1)}
    if rule is None or foreign:
        return None
    return rule if by_epoch or rule['type'] == 'constant' else {**rule, 'by_epoch': False}


def _step(r: Rewriting, given: Words) -> Words | None:
    steps = given.get('step')
    if given.get('min_lr') is not None:
        r.refuse((_C, 'min_lr'), 'steps have no floor here; leave it out, or end the milestones')
        return None
    if whole(steps) and steps > 0:
        length = run_length(r).in_unit(given.get('by_epoch', True))
        if length is None:
            r.refuse((_C, 'step'), f'every {steps}: write them out, step=[{steps}, {2 * steps}]')
            return None
        steps = list(range(steps, length, steps))
    rule = {'type': 'step', 'milestones': list(steps or ()), 'gamma': given.get('gamma', 0.1)}
    return rule if rule['milestones'] else {'type': 'constant'}


def _cosine(r: Rewriting, given: Words) -> Words | None:
    low = _low(r, given)
    return None if low is None else {'type': 'cosine', 'min_factor': low}


def _poly(r: Rewriting, given: Words) -> Words | None:
    low = _low(r, given)
    if low is None:
        return None
    return {'type': 'poly', 'power': given.get('power', 1.0), 'min_factor': low}


def _low(r: Rewriting, given: Words) -> float | None:
    if given.get('min_lr_ratio') is not None:
        return float(given['min_lr_ratio'])
    low, base = given.get('min_lr', 0), base_rate(r)
    if not low:
        return 0.0
    if base is None:
        r.refuse((_C, 'min_lr'), 'needs optimizer.lr, of which it is a part; or min_lr_ratio')
        return None
    return float(low) / base


_RULES: dict[str, tuple[tuple[str, ...], Any]] = {
    'fixed': ((), None),
    'step': (('step', 'gamma', 'min_lr'), _step),
    'exp': (('gamma',), None),
    'poly': (('power', 'min_lr'), _poly),
    'cosineannealing': (('min_lr', 'min_lr_ratio'), _cosine),
    'cosine': (('min_lr', 'min_lr_ratio'), _cosine),
}


def _with_warmup(r: Rewriting, given: Words, rule: Words) -> Words | None:
    kind = given.get('warmup')
    count, ratio = given.get('warmup_iters', 0), given.get('warmup_ratio', 0.1)
    if kind is None or not count:
        return rule if rule['type'] != 'decay' else _product(r, rule, None)
    if kind not in ('linear', 'constant', 'exp'):
        r.refuse((_C, 'warmup'), f"{kind!r} is unknown; there are 'linear', 'constant' and 'exp'")
        return None
    epochs = bool(given.get('warmup_by_epoch'))
    if kind == 'linear' and not epochs and rule['type'] != 'decay':
        return {**rule, 'warmup': {'iters': count, 'start_factor': ratio}}
    start = 'factor' if kind == 'constant' else 'start_factor'
    warm: Words = {'type': kind, 'end': count, 'by_epoch': False, 'full_at_end': True, start: ratio}
    if epochs:
        warm |= {'by_epoch': True, 'smooth': True}
    return _product(r, rule, warm)


def _product(r: Rewriting, rule: Words, warm: Words | None) -> Words | None:
    factors = [warm] if warm is not None else []
    by_epoch = rule.pop('by_epoch', True)
    if rule['type'] == 'constant':
        return {'type': 'product', 'factors': factors}
    part: Words = dict(rule) if by_epoch else {**rule, 'by_epoch': False}
    if rule['type'] not in ('step', 'decay'):
        length = run_length(r)
        end = length.in_unit(by_epoch)
        if end is None and length.epochs is not None:  # by iteration in a run of epochs
            end = length.epochs
            part |= {'by_epoch': True, 'smooth': True}
        if end is None:
            r.refuse((_C,), 'needs the length of the run; write runner=dict(max_epochs=...)')
            return None
        part |= {'end': end, 'full_at_end': True}
        if rule['type'] == 'cosine':
            part['length'] = end
    return {'type': 'product', 'factors': [*factors, part]}
