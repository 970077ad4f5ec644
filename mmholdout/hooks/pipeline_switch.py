"""RTMDet's change of the training pipeline for the last epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmengine.hooks import Hook

from mmholdout.datasets.switching import built_pipeline, exchange_pipelines, pipelines_of
from mmholdout.errors import ConfigError
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class PipelineSwitchHook(Hook):
    """mmdet's hook of that name, as a function of the epoch.

    mmdet's switches once, and sets the pipeline on the outermost wrapper of the dataset, where
    nobody reads it unless there is none. Here every dataset that reads files gets the pipeline of
    the epoch, in a resumed run too, and its own one again where `switch_epoch` was raised.

    Args:
        switch_epoch: epochs with the dataset's own pipeline; the next has the other.
        switch_pipeline: configs of the other's transforms.

    Raises:
        ConfigError: no epoch, or no list of transforms.
    """

    def __init__(self, switch_epoch: int, switch_pipeline: Sequence[Any]) -> None:
        whole = isinstance(switch_epoch, int) and not isinstance(switch_epoch, bool)
        if not whole or switch_epoch < 0:
            raise ConfigError(f'switch_epoch must be an integer >= 0, got {switch_epoch!r}')
        if not isinstance(switch_pipeline, list | tuple) or not switch_pipeline:
            raise ConfigError('switch_pipeline must be a list of transforms')
        self.switch_epoch, self.switch_pipeline = switch_epoch, switch_pipeline
        self._own: list[tuple[Any, Any]] = []
        self._switched = False

    def before_run(self, runner: Any) -> None:
        """Build the other pipeline now, so that a mistake in it costs no epoch."""
        self._own = pipelines_of(runner.train_dataloader)
        self._other = [(leaf, built_pipeline(self.switch_pipeline)) for leaf, _ in self._own]

    def before_train_epoch(self, runner: Any) -> None:
        """Have the pipeline of this epoch in place."""
        switched = runner.epoch >= self.switch_epoch
        if switched is not self._switched:
            exchange_pipelines(runner.train_dataloader, self._other if switched else self._own)
            self._switched = switched
            if switched:
                runner.say(f'epoch {runner.epoch + 1}: switch_pipeline from here on')
