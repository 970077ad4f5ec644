"""Held-out pipelines whose loss sees targets in the coordinates of the resized image."""

from __future__ import annotations

from typing import Any

LOADER = 'LoadAnnotations'
# They leave every pixel where it is; anything else may move pixels.
_STILL = frozenset(
    {
        'PhotoMetricDistortion',
        'YOLOXHSVRandomAug',
        'FilterAnnotations',
        'Color',
        'Brightness',
        'Contrast',
        'Sharpness',
        'Posterize',
        'Solarize',
        'SolarizeAdd',
        'Equalize',
        'AutoContrast',
        'Invert',
        'Normalize',
    }
)


def annotations_first(pipeline: Any, *, needed: bool) -> tuple[Any, str]:
    """The pipeline with LoadAnnotations in front of the first transform that may move pixels.

    Args:
        pipeline: list of transform configs; anything else is given back as it is.
        needed: insert LoadAnnotations where it is missing.

    Returns:
        The pipeline, and what was done to it in words ('' for nothing).
    """
    if not isinstance(pipeline, list | tuple):
        return pipeline, ''
    names = [_name(step) for step in pipeline]
    moves = (i for i, n in enumerate(names) if not (n.startswith('Load') or n in _STILL))
    target = next(moves, len(names))
    at = names.index(LOADER) if LOADER in names else None
    steps = list(pipeline)
    if at is None:
        if not needed:
            return steps, ''
        steps.insert(target, {'type': LOADER, 'with_bbox': True})
        return steps, f'{LOADER} is added, because the validation loss needs targets'
    if at < target:
        return steps, ''
    steps.insert(target, steps.pop(at))
    return steps, (
        f'{LOADER} is moved in front of {names[target]}, so that the validation loss sees targets '
        'in the coordinates of the resized image (metrics use the original ones)'
    )


def _name(step: Any) -> str:
    kind = step.get('type', '') if isinstance(step, dict) else ''
    return kind.rpartition('.')[2] if isinstance(kind, str) else getattr(kind, '__name__', '')
