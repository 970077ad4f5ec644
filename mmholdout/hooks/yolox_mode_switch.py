"""YOLOX's last epochs: without mosaic and mix-up, with an L1 loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmengine.hooks import Hook

from mmholdout.datasets.switching import skip_transforms
from mmholdout.errors import ConfigError
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class YOLOXModeSwitchHook(Hook):
    """mmdet's hook of that name, as a function of the epoch.

    mmdet's switches once and never back, so that a run that is resumed with more epochs than
    before would have switched too early for good.

    Args:
        num_last_epochs: the mode begins with epoch `max_epochs - num_last_epochs` (from 1), which
            makes one epoch more, as in mmdet.
        skip_type_keys: transforms of MultiImageMixDataset that are left out.

    Raises:
        ConfigError: no number of epochs.
    """

    def __init__(
        self,
        num_last_epochs: int = 15,
        skip_type_keys: Sequence[str] = ('Mosaic', 'RandomAffine', 'MixUp'),
    ) -> None:
        whole = isinstance(num_last_epochs, int) and not isinstance(num_last_epochs, bool)
        if not whole or num_last_epochs < 0:
            raise ConfigError(f'num_last_epochs must be an integer >= 0, got {num_last_epochs!r}')
        self.num_last_epochs, self.skip_type_keys = num_last_epochs, tuple(skip_type_keys)
        self._own_skips: Sequence[str] | None = None
        self._switched = False

    def before_run(self, runner: Any) -> None:
        """Refuse now what could not be switched then.

        Raises:
            ConfigError: the head has no L1 loss to switch on, or the dataset nothing to skip.
        """
        head = getattr(runner.bare_model, 'bbox_head', None)
        problems = []
        if not hasattr(head, 'use_l1'):
            problems.append(f'{type(head).__name__} has no L1 loss that it could switch on')
        if not hasattr(runner.train_dataloader.dataset, 'update_skip_type_keys'):
            problems.append('the training data set is no MultiImageMixDataset, which could skip')
        if problems:
            raise ConfigError([f'YOLOXModeSwitchHook: {text}' for text in problems])
        self._own_skips = runner.train_dataloader.dataset._skip_type_keys

    def before_train_epoch(self, runner: Any) -> None:
        """Have the mode of this epoch in place."""
        switched = runner.epoch + 1 >= runner.max_epochs - self.num_last_epochs
        runner.bare_model.bbox_head.use_l1 = switched
        if switched is not self._switched:
            names = self.skip_type_keys if switched else self._own_skips
            skip_transforms(runner.train_dataloader, names)
            self._switched = switched
            if switched:
                runner.say(
                    f'epoch {runner.epoch + 1}: without {", ".join(self.skip_type_keys)}, and '
                    'with the L1 loss, from here on'
                )
