"""What a checkpoint of a run contains, and putting it back."""

from __future__ import annotations

from typing import Any

from mmholdout.errors import CheckpointError
from mmholdout.runner.checkpoint import FULL, TRAINED, WEIGHTS
from mmholdout.runner.gradients import WindowGradients
from mmholdout.runner.optimizer_state import load_optimizer, on_cpu, save_optimizer
from mmholdout.runner.position import fit_position
from mmholdout.runner.random_state import RandomState


def register(runner: Any) -> None:
    """Name every stateful part, once all of them exist."""
    scaler = getattr(runner.optim_wrapper, 'scaler', None)
    if scaler is not None:
        runner.run_state.register('loss_scale', scaler)
    runner.run_state.register('position', runner.train_loop)
    runner.run_state.register('gradients', WindowGradients(runner.bare_model))
    runner.run_state.register('random', RandomState())
    counts: dict[str, int] = {}
    for hook in runner.hooks:
        if hasattr(hook, 'state_dict') and hasattr(hook, 'load_state_dict'):
            name = f'{type(hook).__name__}:{getattr(hook, "monitor", "")}'.rstrip(':')
            counts[name] = counts.get(name, 0) + 1
            key = name if counts[name] == 1 else f'{name}#{counts[name]}'
            runner.run_state.register(f'hook.{key}', hook)


def weights_content(runner: Any, meta: dict[str, Any]) -> dict[str, Any]:
    """The weights that validation measured, and what was known when it chose them."""
    content = _model_content(runner, meta, WEIGHTS)
    content.pop(TRAINED, None)
    return content


def full_content(runner: Any, meta: dict[str, Any]) -> dict[str, Any]:
    """Everything a resume needs: weights, optimizer state, counters, random states."""
    content = _model_content(runner, meta, FULL)
    content['optimizer'] = save_optimizer(runner.bare_model, runner.optim_wrapper.optimizer)
    content['run_state'] = runner.run_state.state_dict()
    return content


def training_state(runner: Any) -> dict[str, Any]:
    """What training goes on from, besides the model: compared around each validation."""
    return {
        'optimizer': runner.optim_wrapper.optimizer.state_dict(),
        'state of the run': runner.run_state.state_dict(),
        'averaged weights': [getattr(hook, 'averages', {}) for hook in runner.hooks],
    }


def restore(runner: Any, content: dict[str, Any], source: str) -> list[str]:
    """Put a full checkpoint back; gives sentences about what did not match.

    Hyper-parameters come from the config: of the optimizer only its per-parameter state is
    restored, of hooks only their counters.

    Raises:
        CheckpointError: when the model or the optimizer is another one.
    """
    try:
        runner.bare_model.load_state_dict(content.get(TRAINED, content['state_dict']), strict=True)
    except RuntimeError as error:
        raise CheckpointError(
            f'{source} belongs to another model and cannot be resumed (load_from takes what fits): '
            + ' '.join(str(error).split())[:600]
        ) from error
    notices = load_optimizer(
        runner.bare_model, runner.optim_wrapper.optimizer, content['optimizer'], source
    )
    run_state, moved = _at_its_place(runner, content)
    notices += moved + runner.run_state.load_state_dict(run_state)
    runner.call_hook('after_load_checkpoint', checkpoint=content)
    return notices


def _at_its_place(runner: Any, content: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Where an epoch is longer or shorter now: the state with the position that belongs to it."""
    state, before = content['run_state'], content['meta'].get('iters_per_epoch')
    if before is None or 'position' not in state:
        return state, []
    loop = runner.train_loop
    position, sentence = fit_position(
        state['position'], before, loop.iters_per_epoch, by_epoch=loop.limit != 'max_iters'
    )
    return {**state, 'position': position}, [sentence] if sentence else []


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


def _model_content(runner: Any, meta: dict[str, Any], kind: str) -> dict[str, Any]:
    """Hooks may put other weights in the place of the trained ones, and those under TRAINED."""
    content = {'kind': kind, 'meta': meta, 'state_dict': runner.bare_model.state_dict()}
    runner.call_hook('before_save_checkpoint', checkpoint=content)
    return {k: on_cpu(v) if k in ('state_dict', TRAINED) else v for k, v in content.items()}
