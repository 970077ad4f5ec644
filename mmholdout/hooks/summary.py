"""summary.json: why and when the run stopped, and what was best."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook

from mmholdout.registry import HOOKS
from mmholdout.report.summary import write_summary


@HOOKS.register_module()
class SummaryHook(Hook):
    """Write summary.json at the end of training; a run that goes on has none."""

    priority = 'LOWEST'

    def before_train(self, runner: Any) -> None:
        """A resumed run is not over: take away what an interruption has written."""
        runner.folder.summary.unlink(missing_ok=True)

    def after_train(self, runner: Any) -> None:
        """Write it, with the reason."""
        if runner.stop_reason is None:
            runner.stop_reason = runner.train_loop.limit
        write_summary(runner.folder.summary, **runner.summary())
