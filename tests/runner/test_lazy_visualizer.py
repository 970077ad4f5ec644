"""The figure that is made when something is drawn."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from mmengine.visualization import Visualizer

from mmholdout.runner.lazy_visualizer import LazyVisualizer


def drawn(visualizer):
    visualizer.set_image(np.full((40, 60, 3), 200, np.uint8))
    visualizer.draw_bboxes(np.array([[5.0, 5.0, 30.0, 20.0]]), edge_colors='r')
    return visualizer.get_image()


def test_it_draws_what_mmengines_draws():
    assert (drawn(LazyVisualizer('lazy')) == drawn(Visualizer('plain'))).all()


def test_matplotlib_waits_for_the_first_drawing():
    code = (
        'import sys, numpy as np\n'
        'from mmholdout.registry import VISUALIZERS\n'
        'from mmholdout.runner.lazy_visualizer import LazyVisualizer\n'
        'lazy = LazyVisualizer("lazy")\n'
        'before = "matplotlib" in sys.modules\n'
        'lazy.set_image(np.zeros((4, 4, 3), np.uint8))\n'
        'print(before, "matplotlib" in sys.modules)\n'
    )
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ['False', 'True']


def test_another_missing_attribute_is_named():
    with pytest.raises(AttributeError, match="'LazyVisualizer' object has no attribute 'fig_sav'"):
        LazyVisualizer('other').fig_sav  # noqa: B018
