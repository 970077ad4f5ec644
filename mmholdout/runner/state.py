"""What a checkpoint of a run contains, and putting it back."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from mmholdout.errors import CheckpointError
from mmholdout.runner.checkpoint import FULL, WEIGHTS
from mmholdout.runner.random_state import RandomState


def register(runner: Any) -> None:
    """Name every stateful part, once all of them exist."""
    runner.run_state.register('position', runner.train_loop)
    runner.run_state.register('random', RandomState())
    counts: dict[str, int] = {}
    for hook in runner.hooks:
        if hasattr(hook, 'state_dict') and hasattr(hook, 'load_state_dict'):
            name = f'{type(hook).__name__}:{getattr(hook, "monitor", "")}'.rstrip(':')
            counts[name] = counts.get(name, 0) + 1
            key = name if counts[name] == 1 else f'{name}#{counts[name]}'
            runner.run_state.register(f'hook.{key}', hook)


def weights_content(runner: Any, meta: dict[str, Any]) -> dict[str, Any]:
    """Model weights and what was known when validation chose them."""
    content = {'kind': WEIGHTS, 'meta': meta, 'state_dict': _cpu(runner.bare_model.state_dict())}
    runner.call_hook('before_save_checkpoint', checkpoint=content)
    return content


def full_content(runner: Any, meta: dict[str, Any]) -> dict[str, Any]:
    """Everything a resume needs: weights, optimizer state, counters, random states."""
    content = weights_content(runner, meta)
    content['kind'] = FULL
    content['optimizer'] = _cpu(runner.optim_wrapper.optimizer.state_dict()['state'])
    content['run_state'] = runner.run_state.state_dict()
    return content


def restore(runner: Any, content: dict[str, Any], source: str) -> list[str]:
    """Put a full checkpoint back; gives sentences about what did not match.

    Hyper-parameters come from the config: of the optimizer only its per-parameter state is
    restored, of hooks only their counters.

    Raises:
        CheckpointError: when the model or the optimizer is another one.
    """
    try:
        runner.bare_model.load_state_dict(content['state_dict'], strict=True)
    except RuntimeError as error:
        raise CheckpointError(
            f'{source} belongs to another model and cannot be resumed (load_from takes what fits): '
            + ' '.join(str(error).split())[:600]
        ) from error
    optimizer = runner.optim_wrapper.optimizer
    state = {**optimizer.state_dict(), 'state': content['optimizer']}
    params = [p for group in optimizer.param_groups for p in group['params']]
    for index, values in content['optimizer'].items():
        fits = index < len(params) and all(
            v.shape == params[index].shape
            for v in values.values()
            if isinstance(v, Tensor) and v.ndim
        )
        if not fits:
            raise CheckpointError(
                f'{source} belongs to another optimizer or to other parameter groups and cannot be '
                f'resumed; start a new run with load_from instead'
            )
    optimizer.load_state_dict(state)
    notices = runner.run_state.load_state_dict(content['run_state'])
    runner.call_hook('after_load_checkpoint', checkpoint=content)
    return notices


def plain(value: Any) -> Any:
    """A config value as plain types, which `torch.load(weights_only=True)` reads back."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(plain(v) for v in value)
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float, str):  # a subclass, such as torch's version string, is not plain
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, type):
        return f'{value.__module__}.{value.__qualname__}'
    return str(value)


def _cpu(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().cpu()
    if isinstance(value, dict):
        return {k: _cpu(v) for k, v in value.items()}
    return value
