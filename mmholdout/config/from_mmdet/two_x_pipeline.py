"""2.x: a pipeline in today's words."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.normalisation import Normalisation
from mmholdout.config.from_mmdet.rewriting import Rewriting, shown
from mmholdout.config.from_mmdet.two_x_transforms import AFTER_COLOURS, transform_of
from mmholdout.config.origin import KeyPath

_META = ('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor')
_TAKEN = ('img', 'gt_bboxes', 'gt_labels', 'gt_bboxes_ignore')
_FORMAT = ('DefaultFormatBundle', 'ImageToTensor', 'ToTensor', 'Transpose', 'WrapFieldsToLists')


def pipeline_of(
    r: Rewriting, given: Any, path: KeyPath, held_out: bool, normalisation: Normalisation
) -> Any:
    """The same steps; colours and padding go to `normalisation`, formatting to PackDetInputs."""
    if not isinstance(given, list | tuple):
        return given
    steps = _without_views(r, list(given), path)
    new: list[Any] = []
    coloured = False
    for step_path, step in steps:
        kind = step.get('type') if isinstance(step, dict) else None
        if kind == 'Normalize':
            normalisation.colours.append((step_path, {k: step[k] for k in step if k != 'type'}))
            coloured = True
        elif kind == 'Pad' and step.get('size_divisor'):
            normalisation.divisors.append((step_path, step['size_divisor']))
        elif kind in _FORMAT:
            r.say(f'{kind} -> nothing: PackDetInputs makes tensors')
        elif kind == 'Collect':
            _collect(r, step, step_path, new, held_out)
        else:
            if coloured and kind not in AFTER_COLOURS:
                r.refuse(
                    step_path,
                    f'{kind} comes behind Normalize; colours are normalised by the model, after '
                    'the pipeline: put it in front',
                )
            new += transform_of(r, step, step_path)
    if held_out:
        new = _with_annotations(new)
    return new


def _collect(
    r: Rewriting, step: dict[str, Any], path: KeyPath, new: list[Any], held_out: bool
) -> None:
    foreign = [key for key in step.get('keys', ()) if key not in _TAKEN]
    if foreign:
        r.refuse(path, f'{", ".join(map(repr, foreign))}: boxes and labels alone are trained on')
    packed: dict[str, Any] = {'type': 'PackDetInputs'}
    if held_out:
        packed['meta_keys'] = _META
    new.append(packed)
    r.say('Collect -> PackDetInputs')


def _without_views(r: Rewriting, steps: list[Any], path: KeyPath) -> list[tuple[KeyPath, Any]]:
    """MultiScaleFlipAug with one view as its inner steps."""
    flat: list[tuple[KeyPath, Any]] = []
    for i, step in enumerate(steps):
        if not (isinstance(step, dict) and step.get('type') == 'MultiScaleFlipAug'):
            flat.append(((*path, i), step))
            continue
        here = (*path, i)
        scale = step.get('img_scale')
        several = isinstance(scale, list) and len(scale) > 1
        if several or step.get('flip') or step.get('scale_factor') is not None:
            r.refuse(
                here,
                f'{shown({k: v for k, v in step.items() if k != "transforms"})}: there is no '
                'test-time augmentation; give one img_scale and flip=False',
            )
            scale = scale[0] if isinstance(scale, list) and scale else scale
        scale = scale[0] if isinstance(scale, list) and scale else scale
        for j, inner in enumerate(step.get('transforms', ())):
            kind = inner.get('type') if isinstance(inner, dict) else None
            if kind == 'RandomFlip':
                continue  # which the outer `flip` switches
            if kind == 'Resize' and scale is not None:
                inner = {**inner, 'img_scale': scale}
            flat.append(((*here, 'transforms', j), inner))
        r.say('MultiScaleFlipAug(flip=False) -> its transforms')
    return flat


def _with_annotations(steps: list[Any]) -> list[Any]:
    """Objects of held-out images are needed for loss and metrics; 2.x reads them elsewhere."""
    kinds = [step.get('type') if isinstance(step, dict) else None for step in steps]
    if 'LoadAnnotations' in kinds:
        return steps
    at = next((i + 1 for i, kind in enumerate(kinds) if str(kind).startswith('Load')), 0)
    return [*steps[:at], {'type': 'LoadAnnotations', 'with_bbox': True}, *steps[at:]]
