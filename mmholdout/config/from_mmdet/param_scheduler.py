"""3.x: `param_scheduler` to `schedule`, exactly, or refused by name.

mmengine multiplies the rate in place, step by step; what results is the product of closed forms
as long as a floor (`eta_min`) is not met by a second factor that moves at the same time.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from mmholdout.config.from_mmdet.custom_hooks import plateau_hook
from mmholdout.config.from_mmdet.floors import with_floors
from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown, whole
from mmholdout.config.from_mmdet.run_length import run_length
from mmholdout.errors import ConfigError
from mmholdout.monitor.rate_part import RatePart

_P = 'param_scheduler'
_INSTEAD = "write schedule=dict(type='cosine', ...) or dict(type='product', factors=[...])"
# mmengine's name -> ours, {its option: ours}
_TYPES: dict[str, tuple[str, dict[str, str]]] = {
    'ConstantLR': ('constant', {'factor': 'factor'}),
    'LinearLR': ('linear', {'start_factor': 'start_factor', 'end_factor': 'end_factor'}),
    'MultiStepLR': ('step', {'milestones': 'milestones', 'gamma': 'gamma'}),
    'StepLR': ('step', {'step_size': 'step_size', 'gamma': 'gamma'}),
    'ExponentialLR': ('decay', {'gamma': 'gamma'}),
    'CosineAnnealingLR': (
        'cosine',
        {'T_max': 'length', **dict.fromkeys(('eta_min', 'eta_min_ratio'), '')},
    ),
    'PolyLR': ('poly', {'power': 'power', 'eta_min': ''}),
    'QuadraticWarmupLR': ('quadratic', {}),
}
_PLACE = ('type', 'begin', 'end', 'by_epoch', 'convert_to_iter_based', 'verbose', 'last_step')
_DEFAULTS = {'constant': {'factor': 1 / 3}, 'linear': {'start_factor': 1 / 3}}
Words = dict[str, Any]


def rewrite_param_scheduler(r: Rewriting) -> None:
    """Each scheduler a factor; the simple combinations get their simple words."""
    if not r.has(_P):
        return
    given = r.take(_P)
    if given is None:
        return
    listed = list(given) if isinstance(given, list | tuple) else [given]
    before = len(r.refused)
    parts: list[Words] = []
    for i, one in enumerate(listed):
        path = (_P, i) if isinstance(given, list | tuple) else (_P,)
        if not isinstance(one, dict):
            r.refuse(path, f'must be a dict with a type, got {shown(one)}')
        elif bare(one.get('type')) == 'ReduceOnPlateauLR':
            hooks = r.at('custom_hooks')
            hook = plateau_hook(r, one, path)
            r.cfg['custom_hooks'] = [*(hooks if isinstance(hooks, list | tuple) else ()), hook]
        else:
            part = _part(r, one, path)
            parts += [part] if part is not None else []
    with_floors(r, parts)
    if len(r.refused) > before:
        return
    schedule = _simple(r, [{k: v for k, v in p.items() if k != 'path'} for p in parts])
    r.put(('schedule',), schedule, (_P,), was=given)


def _part(r: Rewriting, one: Words, path: tuple[Any, ...]) -> Words | None:
    kind = bare(one.get('type'))
    if kind not in _TYPES:
        what = 'changes momentum, which' if 'Momentum' in kind else 'no factor here gives what it'
        end = 'keeps its value here; leave it out' if 'Momentum' in kind else f'does; {_INSTEAD}'
        r.refuse(path, f'{kind}: {what} {end}')
        return None
    ours, options = _TYPES[kind]
    foreign = [key for key in one if key not in _PLACE and key not in options]
    if foreign:
        r.refuse(path, f'{kind} takes no {", ".join(foreign)}; known: {", ".join(options)}')
        return None
    by_epoch = one.get('by_epoch', True)
    end = one.get('end') or run_length(r).in_unit(by_epoch)
    begin = one.get('begin', 0)
    new: Words = {'type': ours, 'begin': begin, 'end': end, 'by_epoch': by_epoch, 'path': path}
    if one.get('convert_to_iter_based'):
        new['smooth'] = True
    new |= _DEFAULTS.get(ours, {})
    new |= {name: one[key] for key, name in options.items() if name and key in one}
    if kind == 'StepLR':
        size = new.pop('step_size', 0)
        if not whole(size) or size < 1 or end is None:
            r.refuse(path, 'StepLR needs a step_size and an end; or write MultiStepLR')
            return None
        new['milestones'] = list(range(size, end - begin, size))
    if end is None and ours not in ('step', 'decay'):
        r.refuse(path, f'{kind} needs an end; the length of the run is said in the other unit')
        return None
    if ours == 'cosine':
        new['length'] = new.get('length') or end - begin
    if ours in ('cosine', 'poly'):
        new['floor'] = one.get('eta_min', 0), one.get('eta_min_ratio')
    try:
        RatePart(**{k: v for k, v in new.items() if k not in ('path', 'floor')})
    except ConfigError as error:
        for problem in error.problems:
            r.refuse(path, problem.removeprefix('schedule.factors: '))
        return None
    return new


def _simple(r: Rewriting, parts: list[Words]) -> Words:
    """The shortest words for a product: one rule and a linear warm-up have words of their own."""
    moving = [p for p in parts if not (p['type'] == 'constant' and p['factor'] == 1)]
    warm = next((p for p in moving if _plain_warmup(p)), None)
    rules = [p for p in moving if p is not warm]
    rule = (
        _plain_rule(r, rules[0]) if len(rules) == 1 else {'type': 'constant'} if not rules else None
    )
    if rule is not None:
        if warm is not None:
            rule['warmup'] = {'iters': warm['end'] - 1, 'start_factor': warm['start_factor']}
        return rule
    return {'type': 'product', 'factors': moving}


def _plain_warmup(part: Words) -> bool:
    return (
        part['type'] == 'linear'
        and part['begin'] == 0
        and not part['by_epoch']
        and part.get('end_factor', 1.0) == 1.0
        and part['start_factor'] <= 1
        and part['end'] > 1
    )


def _plain_rule(r: Rewriting, part: Words) -> Words | None:
    length = run_length(r).in_unit(part['by_epoch'])
    whole_run = part['begin'] == 0 and (
        part['end'] is None or (length is not None and part['end'] >= length)
    )
    if part['type'] == 'step' and whole_run and not part.get('smooth'):
        steps = [m for m in part['milestones'] if m > 0]
        ascending = all(a < b for a, b in pairwise(steps))
        if (
            steps
            and len(steps) == len(part['milestones'])
            and ascending
            and part.get('gamma', 0.1) <= 1
        ):
            rule: Words = {'type': 'step', 'milestones': steps, 'gamma': part.get('gamma', 0.1)}
            return rule if part['by_epoch'] else {**rule, 'by_epoch': False}
    if (
        part['type'] == 'cosine'
        and whole_run
        and part['length'] == length
        and part['min_factor'] <= 1
    ):
        rule = {'type': 'cosine', 'min_factor': part['min_factor']}
        return rule if part['by_epoch'] and not part.get('smooth') else {**rule, 'by_epoch': False}
    return None
