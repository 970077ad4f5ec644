"""Average the weights during training; validate, select and keep the average."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from mmengine.hooks import Hook

from mmholdout.errors import ConfigError
from mmholdout.hooks.weight_average import WeightAverage
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class EMAHook(Hook):
    """An exponential moving average of the weights (`ema = dict(...)` in the config).

    It is updated after each step of the optimizer: once for an accumulation window, and not at
    all where a loss scaler left the step out. Validation measures the average; a checkpoint's
    `state_dict` is the average, and `last.pth` has the trained weights too (`train_state_dict`).

    Args:
        momentum: share of the present weights in an update, in (0, 1).
        gamma: updates over which the share falls from 1 to `momentum`; 0 for a constant share.
        begin: the first epoch that is averaged; before it the weights themselves are used.
        update_buffers: average BatchNorm's statistics too; False copies them.
    """

    def __init__(
        self,
        momentum: float = 2e-4,
        gamma: float = 2000,
        begin: int = 1,
        update_buffers: bool = True,
    ) -> None:
        problems = []
        if not _number(momentum) or not 0 < momentum < 1:
            problems.append(f'ema.momentum must be a number in (0, 1), got {momentum!r}')
        if not _number(gamma) or not 0 <= gamma < float('inf'):
            problems.append(f'ema.gamma must be a number >= 0, got {gamma!r}')
        if not isinstance(begin, int) or isinstance(begin, bool) or begin < 1:
            problems.append(f'ema.begin must be an integer >= 1 (an epoch), got {begin!r}')
        if not isinstance(update_buffers, bool):
            problems.append(f'ema.update_buffers must be True or False, got {update_buffers!r}')
        if problems:
            raise ConfigError(problems)
        self.momentum, self.gamma, self.begin = momentum, gamma, begin
        self.update_buffers = update_buffers
        self.average: WeightAverage | None = None
        self._handle: Any = None

    def before_run(self, runner: Any) -> None:
        """Know the model; nothing is copied yet, for its weights are still to come."""
        self.average = WeightAverage(
            runner.bare_model, self.momentum, self.gamma, update_buffers=self.update_buffers
        )

    def before_train(self, runner: Any) -> None:
        """Follow the optimizer, which alone knows when it has made a step."""
        loop, average = runner.train_loop, self._average()

        def after_step(optimizer: Any, *_: Any) -> None:
            found_inf = getattr(optimizer, 'found_inf', None)  # a fused optimizer under a scaler
            left_out = found_inf is not None and bool(found_inf)
            if loop.epoch + 1 >= self.begin and not left_out:
                average.update()

        self._handle = runner.optim_wrapper.optimizer.register_step_post_hook(after_step)

    def after_train(self, runner: Any) -> None:
        """Let go of the optimizer."""
        self._handle.remove()

    def measuring(self) -> AbstractContextManager[None]:
        """The model as it is to be measured: with the average, once there is one."""
        average = self._average()
        return average.in_place_of_the_weights() if average else nullcontext()

    @property
    def averages(self) -> dict[str, Any]:
        """By name of the weight; empty before the first update."""
        return self._average().averages

    def before_save_checkpoint(self, runner: Any, checkpoint: dict[str, Any]) -> None:
        """The average is what is used later; what training goes on from is kept beside it."""
        if average := self._average():
            checkpoint['train_state_dict'], checkpoint['state_dict'] = average.states()

    def after_load_checkpoint(self, runner: Any, checkpoint: dict[str, Any]) -> None:
        """Take the average back; a run that had none begins one."""
        if 'train_state_dict' in checkpoint:
            self._average().load(checkpoint['state_dict'])

    def state_dict(self) -> dict[str, Any]:
        """The number of updates; the average itself is the checkpoint's `state_dict`."""
        return {'updates': self._average().updates}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self._average().updates = int(state['updates'])

    def _average(self) -> WeightAverage:
        if self.average is None:
            raise RuntimeError('before_run has not been called')
        return self.average


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
