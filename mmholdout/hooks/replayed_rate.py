"""The rate of another run once more: nothing is decided, what was decided is repeated."""

from __future__ import annotations

from typing import Any

from mmholdout.hooks.learning_rate import LearningRateHook
from mmholdout.monitor.replayed_schedule import Change, ReplayedSchedule
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class ReplayedRateHook(LearningRateHook):
    """In a refit in the place of LearningRateHook and of the hooks that watched validation.

    A function of the position alone, so that a resume needs no state.

    Args:
        schedule: of the run that is repeated; so are the others, see `ReplayedSchedule`.
        max_epochs: that its schedule was made for.
        iters_per_epoch: its own.
        rate_cuts: where its plateau cut the rate.
        batch_growths: where its plateau made the batch grow.
    """

    def __init__(
        self,
        schedule: dict[str, Any],
        max_epochs: float,
        iters_per_epoch: int,
        rate_cuts: list[Change] | None = None,
        batch_growths: list[Change] | None = None,
    ) -> None:
        super().__init__(schedule)
        self.replayed = ReplayedSchedule(
            self.schedule, max_epochs, iters_per_epoch, rate_cuts or [], batch_growths or []
        )
        self._loop: Any = None

    @property
    def cuts(self) -> list[float]:
        """Epochs after which the rate is cut."""
        return [epochs for epochs, _ in self.replayed.cuts]

    @property
    def accumulation_scale(self) -> int:
        """What the run multiplies `accumulative_counts` by in this epoch."""
        return 1 if self._loop is None else self.replayed.accumulation(self._loop.epoch)

    def before_train(self, runner: Any) -> None:
        """See LearningRateHook."""
        self._loop = runner.train_loop
        super().before_train(runner)

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Set the rates of this iteration, and say where a cut is repeated."""
        super().before_train_iter(runner, batch_idx, data_batch)
        loop = runner.train_loop
        for epochs, scale in self.replayed.cuts:
            if loop.iter == round(epochs * loop.iters_per_epoch):
                runner.say(
                    f'after {epochs:g} epochs the rate is {scale:g} of the schedule, as in the '
                    'run that is repeated'
                )

    def factor(self, loop: Any, iteration: int) -> float:
        """Schedule, warm-up and cuts after so many iterations."""
        return self.replayed.factor(iteration, loop.iters_per_epoch)
