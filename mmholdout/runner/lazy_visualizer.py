"""A visualizer that imports matplotlib when something is drawn."""

from __future__ import annotations

from typing import Any

from mmengine.visualization import Visualizer

FIGURE = ('fig_save_canvas', 'fig_save', 'ax_save')


class LazyVisualizer(Visualizer):
    """mmengine's, whose figure is made when somebody asks for it: most runs never do.

    To import matplotlib and to make the figure takes a tenth of the time to the first iteration.
    """

    def __init__(self, name: str = 'visualizer', **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        for attribute in (*FIGURE, 'dpi'):
            delattr(self, attribute)

    def _initialize_fig(self, fig_cfg: dict[str, Any]) -> tuple[Any, ...]:
        self._figure_wanted = fig_cfg
        return (_NoFigure(),) * len(FIGURE)

    def __getattr__(self, name: str) -> Any:
        if name not in (*FIGURE, 'dpi'):
            raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}')
        for part, made in zip(FIGURE, super()._initialize_fig(self._figure_wanted)):
            setattr(self, part, made)
        self.dpi = self.fig_save.get_dpi()
        return getattr(self, name)


class _NoFigure:
    def get_dpi(self) -> None:
        """What mmengine asks for at once."""
