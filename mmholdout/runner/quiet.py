"""mmengine's Runner without its files, its chatter and its own ideas about the run folder."""

from __future__ import annotations

from typing import Any

from mmengine.logging import MMLogger
from mmengine.runner import Runner
from mmengine.visualization import Visualizer

from mmholdout.report.console import Console
from mmholdout.runner.lazy_visualizer import LazyVisualizer
from mmholdout.runner.log import run_logger


class QuietRunner(Runner):
    """Says what it has to say through `console`, and writes nothing."""

    console: Console

    @property
    def timestamp(self) -> str:
        """Empty: mmengine would make a folder of this name in the run folder."""
        return ''

    def build_logger(self, *_: Any, **__: Any) -> Any:
        """A logger that speaks through the console; mmengine's own chatter goes to the log."""
        MMLogger.get_instance(self._experiment_name, log_level='ERROR')
        return run_logger(self._experiment_name, self.console)

    def build_visualizer(self, visualizer: Any = None) -> Visualizer:
        """One without back ends; pictures are drawn by `report`."""
        if visualizer is not None:
            return super().build_visualizer(visualizer)
        return LazyVisualizer.get_instance(self._experiment_name)

    def _log_env(self, _: dict[str, Any]) -> None:
        self.logger.debug('torch and library versions are in every checkpoint')

    def dump_config(self) -> None:
        """Nothing: `train` writes the resolved config."""
