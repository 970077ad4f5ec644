"""A model's description inside a checkpoint is data, unlike a config file, which is a program."""

from __future__ import annotations

from typing import Any

from mmholdout.errors import CheckpointError


def refuse_programs(words: Any, source: str) -> None:
    """Refuse words of a checkpoint that would have a Python file run.

    mmdet's distillation detectors read `teacher_config` as a config file. Types and names are
    harmless without this, see `names`.

    Args:
        words: of the model and its pipelines, as the checkpoint has them.
        source: the checkpoint.

    Raises:
        CheckpointError: with the place and the name of the file.
    """
    for place, value in _strings(words, ''):
        if value.strip().lower().endswith('.py'):
            raise CheckpointError(
                f'{source} was not used: its {place} names the program {value!r}, and building the '
                'model could run it'
            )


def _strings(value: Any, place: str) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(place, value)]
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list | tuple):
        pairs = list(enumerate(value))
    else:
        return []
    return [
        found for key, inner in pairs for found in _strings(inner, f'{place}.{key}'.lstrip('.'))
    ]
