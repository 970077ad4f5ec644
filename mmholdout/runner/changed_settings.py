"""What a resumed run does otherwise than the run that was saved: said, not hidden."""

from __future__ import annotations

from typing import Any

from mmholdout.config.differences import differences

MOST = 20  # lines


def changed_settings(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Messages about every change that matters; none where nothing has changed.

    Args:
        before: `meta` of the checkpoint.
        now: `meta` of this run.
    """
    messages = []
    lines = differences(before.get('words', {}), now.get('words', {}))
    if lines:
        shown = lines[:MOST] + ([f'and {len(lines) - MOST} more'] if len(lines) > MOST else [])
        messages.append('\n  '.join(['changed in the config since this state was saved:', *shown]))
    versions = _pairs(before.get('versions', {}), now.get('versions', {}))
    if versions:
        messages.append(f'changed since this state was saved: {", ".join(versions)}')
    inexact = _inexact(before, now)
    if inexact or versions:
        what = ', '.join([*inexact, *(['other versions'] if versions else [])])
        messages.append(
            f'warning: {what}: the run goes on from the saved state, but not to the byte as it '
            'would have gone on'
        )
    return messages


def _inexact(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Changes after which a run cannot be the one it would have been."""
    found = {}
    for name, key in (
        ('batch size', ('words', 'train_dataloader', 'batch_size')),
        ('seed', ('seed',)),
        ('training images', ('splits', 'images', 'train')),
        ('classes', ('classes',)),
        ('precision', ('precision',)),
        ('device', ('device',)),
    ):
        found[name] = _at(before, key), _at(now, key)
    return [
        f'{name} {_shown(was)} -> {_shown(is_now)}'
        for name, (was, is_now) in found.items()
        if was != is_now and None not in (was, is_now)
    ]


def _pairs(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [
        f'{name} {before.get(name, "none")} -> {now.get(name, "none")}'
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    ]


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return list(value) if isinstance(value, tuple) else value


def _shown(value: Any) -> str:
    return ', '.join(map(str, value)) if isinstance(value, list) else str(value)
