from __future__ import annotations

import subprocess
import sys

import pytest

from mmholdout.config.watched import Watched, direction_of, watched_by


@pytest.mark.parametrize(
    ('text', 'watched'),
    [
        ('evaluation = {}', Watched(0.5, 'val/mAP', 'max')),
        ("evaluation = {'iou_thr': 0.75, 'save_best': 'loss'}", Watched(0.75, 'val/loss', 'min')),
        ("evaluation = {'metric': 'coco'}", Watched(0.5, 'val/coco_AP', 'max')),
        ("evaluation = {'save_best': 'mine'}", Watched(0.5, 'val/mine', None)),
        ("evaluation = {'iou_thr': 'x'}", Watched(0.5, 'val/mAP', 'max')),
    ],
)
def test_what_a_resolved_config_says(tmp_path, text, watched):
    (tmp_path / 'config.py').write_text(text + '\n')
    assert watched_by(tmp_path / 'config.py') == watched


@pytest.mark.parametrize(
    ('monitor', 'full', 'mode'),
    [
        ('mAP', 'val/mAP', 'max'),
        ('val/loss_cls', 'val/loss_cls', 'min'),
        ('coco_AP/cat', 'val/coco_AP/cat', 'max'),
        ('AP/my/class', 'val/AP/my/class', 'max'),
        ('tide/miss', 'val/tide/miss', 'min'),
        ('fp_per_image', 'val/fp_per_image', 'min'),
        ('ECE/cat', 'val/ECE/cat', 'min'),
        ('score_thr', 'val/score_thr', None),
        ('lossy', 'val/lossy', None),
    ],
)
def test_directions_are_those_that_are_declared(monitor, full, mode):
    assert direction_of(monitor) == (full, mode)


def test_no_config_to_read(tmp_path):
    assert watched_by(tmp_path / 'config.py') is None
    (tmp_path / 'config.py').write_text('import os')
    assert watched_by(tmp_path / 'config.py') is None


def test_without_torch():
    code = 'import sys, mmholdout.config.watched; print("torch" in sys.modules)'
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == 'False'
