"""A hook that trains on one batch again and again, so that a step can be timed without a loader."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.registry import HOOKS


class FixedBatch:
    """As long as the loader whose first batch it repeats."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.batch = next(iter(loader))

    def __len__(self) -> int:
        return len(self.loader)

    def __iter__(self) -> Iterator[Any]:
        return (self.batch for _ in range(len(self.loader)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__['loader'], name)


@HOOKS.register_module()
class FixedBatchHook(Hook):
    """Replaces the training loader, and times a bare torch loop before and after training.

    Args:
        path: where the seconds of each bare step are written, JSON; None times none.
        steps: of the bare loop, each time; the first three warm up.
    """

    def __init__(self, path: str | None = None, steps: int = 13) -> None:
        self.path = path
        self.steps = steps
        self.seconds: list[float] = []

    def before_train(self, runner: Any) -> None:
        """Put the one batch in the loader's place."""
        loop = runner.train_loop
        loop.dataloader = FixedBatch(loop.dataloader)
        self._time(runner)

    def after_train(self, runner: Any) -> None:
        """Write what was timed."""
        self._time(runner)
        if self.path:
            Path(self.path).write_text(json.dumps(self.seconds))

    def _time(self, runner: Any) -> None:
        if self.path is None:
            return
        model, batch = runner.model, runner.train_loop.dataloader.batch
        given = runner.optim_wrapper.optimizer.defaults
        names = ('lr', 'momentum', 'weight_decay', 'foreach', 'fused')
        optimizer = torch.optim.SGD(model.parameters(), **{name: given[name] for name in names})
        model.train()
        for step in range(self.steps):
            started = time.perf_counter()
            data = model.data_preprocessor(batch, True)
            loss, _ = model.parse_losses(model(**data, mode='loss'))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
            optimizer.step()
            loss.item()
            if step >= 3:
                self.seconds.append(time.perf_counter() - started)
