"""The optimizer's state by parameter names, so that it goes back to the right parameters."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from mmholdout.errors import CheckpointError


def save_optimizer(model: nn.Module, optimizer: Optimizer) -> dict[str, Any]:
    """Its kind, and for each parameter that has been updated the values kept for it."""
    names = _names(model, optimizer)
    state = optimizer.state_dict()['state']
    return {
        'type': type(optimizer).__name__,
        'parameters': names,
        'state': {names[index]: on_cpu(values) for index, values in state.items()},
    }


def load_optimizer(
    model: nn.Module, optimizer: Optimizer, saved: dict[str, Any], source: str
) -> list[str]:
    """Put the values back; hyper-parameters stay those of the config.

    Returns:
        Sentences about parameters that were frozen, or are no longer, since the state was saved.

    Raises:
        CheckpointError: another kind of optimizer, or values of other shapes.
    """
    advice = 'and cannot be resumed; start a new run with load_from instead'
    kind = type(optimizer).__name__
    saved_kind = saved.get('type', 'an earlier version')
    if saved_kind != kind:
        raise CheckpointError(
            f'{source} belongs to the optimizer {saved_kind}, the config says {kind}, {advice}'
        )
    names = _names(model, optimizer)
    params = [p for group in optimizer.param_groups for p in group['params']]
    state: dict[int, Any] = {}
    for index, (name, param) in enumerate(zip(names, params)):
        values = saved['state'].get(name)
        if values is None:
            continue
        if any(v.shape != param.shape for v in values.values() if isinstance(v, Tensor) and v.ndim):
            raise CheckpointError(
                f'{source} belongs to another optimizer: its state of {name} has other shapes, '
                f'{advice}'
            )
        state[index] = values
    optimizer.load_state_dict({**optimizer.state_dict(), 'state': state})
    before, now = set(saved['parameters']), set(names)
    if not before & now:
        raise CheckpointError(f'{source} belongs to other parameters {advice}')
    return [
        f'{len(changed)} parameters that were {then} before are {this} now'
        for changed, then, this in (
            (before - now, 'trained', 'frozen'),
            (now - before, 'frozen', 'trained'),
        )
        if changed
    ]


def _names(model: nn.Module, optimizer: Optimizer) -> list[str]:
    """A name for each parameter, in the optimizer's order."""
    known = {id(parameter): name for name, parameter in model.named_parameters()}
    params = [p for group in optimizer.param_groups for p in group['params']]
    return [known.get(id(p), f'#{index}') for index, p in enumerate(params)]


def on_cpu(value: Any) -> Any:
    """Tensors on the CPU, at any depth of dicts."""
    if isinstance(value, Tensor):
        return value.detach().cpu()
    if isinstance(value, dict):
        return {k: on_cpu(v) for k, v in value.items()}
    return value
