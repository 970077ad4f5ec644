"""2.x: one transform in today's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mmholdout.config.from_mmdet.rewriting import Rewriting, shown
from mmholdout.config.origin import KeyPath

#: They do the same to a picture before and after its colours are normalised.
AFTER_COLOURS = ('RandomFlip', 'Pad', 'RandomCrop', 'SegRescale', 'FilterAnnotations')

# Sides were height first; they are width first today.
_SWAPPED = {
    'Mosaic': ('img_scale',),
    'MixUp': ('img_scale',),
    'RandomAffine': ('border',),
    'Pad': ('size',),
    'RandomCrop': ('crop_size',),
}
Steps = list[dict[str, Any]]


def transform_of(r: Rewriting, step: Any, path: KeyPath) -> Steps:
    """The step, or those that do the same today; one that is not known here as it is."""
    kind = step.get('type') if isinstance(step, dict) else None
    if kind not in _TRANSLATED and kind not in _SWAPPED:
        return [_plain(r, step)]
    new = dict(step)
    for key in _SWAPPED.get(str(kind), ()):
        _swap(r, new, key, path)
    return _TRANSLATED[kind](r, new, path) if kind in _TRANSLATED else [new]


def _plain(r: Rewriting, step: Any) -> Any:
    if isinstance(step, dict) and 'file_client_args' in step:
        r.say('file_client_args -> nothing: files are read from disk')
        return {k: v for k, v in step.items() if k != 'file_client_args'}
    return step


def _swap(r: Rewriting, new: dict[str, Any], key: str, path: KeyPath) -> None:
    value = new.get(key)
    if not isinstance(value, list | tuple) or len(value) != 2 or value[0] == value[1]:
        return
    if new.get('crop_type', 'absolute') != 'absolute':
        r.refuse(
            (*path, key),
            f'{shown(value)}: height came first in 2.x; for crop_type {new["crop_type"]!r} write '
            'two equal numbers',
        )
        return
    new[key] = (value[1], value[0])
    r.say(f'{new["type"]}.{key} = {tuple(value)} -> {new[key]} (width first)')


def _resize(r: Rewriting, step: dict[str, Any], path: KeyPath) -> Steps:
    scale = step.pop('img_scale', step.pop('scale', None))
    mode, ratios = step.pop('multiscale_mode', 'range'), step.pop('ratio_range', None)
    step.pop('override', None)
    step.setdefault('keep_ratio', True)  # as it was by default
    many = isinstance(scale, list) and len(scale) > 1
    scale = scale[0] if isinstance(scale, list) and len(scale) == 1 else scale
    if scale is None:
        r.refuse(path, 'Resize has no img_scale; write scale=(width, height)')
        return [step]
    if ratios is not None:
        new = {**step, 'type': 'RandomResize', 'scale': scale, 'ratio_range': ratios}
    elif many and mode == 'value':
        new = {**step, 'type': 'RandomChoiceResize', 'scales': [tuple(one) for one in scale]}
    elif many and len(scale) == 2:
        new = {**step, 'type': 'RandomResize', 'scale': [tuple(one) for one in scale]}
    elif many:
        r.refuse(path, f"{shown(scale)}: a range has two ends; or write multiscale_mode='value'")
        return [step]
    else:
        new = {**step, 'scale': tuple(scale)}
    r.say(f'Resize(img_scale={shown(scale)}) -> {shown(new)}')
    return [new]


def _flip(r: Rewriting, step: dict[str, Any], _: KeyPath) -> Steps:
    if 'flip_ratio' in step:
        value = step.pop('flip_ratio')
        if value is None:
            r.say('RandomFlip(flip_ratio=None) -> nothing')
            return []
        step['prob'] = value
        r.say(f'RandomFlip(flip_ratio={shown(value)}) -> RandomFlip(prob={shown(value)})')
    return [step]


def _annotations(r: Rewriting, step: dict[str, Any], path: KeyPath) -> Steps:
    for key in ('with_mask', 'with_seg'):
        if step.get(key):
            r.refuse((*path, key), 'must be False: boxes and labels alone are trained on')
    new = {k: v for k, v in step.items() if k not in ('file_client_args', 'poly2mask')}
    return [new]


_TRANSLATED: dict[Any, Callable[[Rewriting, dict[str, Any], KeyPath], Steps]] = {
    'Resize': _resize,
    'RandomFlip': _flip,
    'LoadAnnotations': _annotations,
}
