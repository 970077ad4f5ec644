from __future__ import annotations

import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco import coco_keys
from mmholdout.metrics.error_keys import error_keys
from mmholdout.metrics.keys import declared_keys


def test_names_and_directions() -> None:
    assert error_keys(['cat'], ['0-16']) == {
        'tide/cls': 'min',
        'tide/loc': 'min',
        'tide/both': 'min',
        'tide/dupe': 'min',
        'tide/bkg': 'min',
        'tide/miss': 'min',
        'tide/false_pos': 'min',
        'tide/false_neg': 'min',
        'fp_per_image': 'min',
        'ECE': 'min',
        'recall_at_fp/0.1': 'max',
        'recall_at_fp/1': 'max',
        'size_AP/0-16': 'max',
        'size_recall/0-16': 'max',
        'F1/cat': 'max',
        'score_thr/cat': None,
        'ECE/cat': 'min',
    }


def test_other_metrics_have_other_keys() -> None:
    classes = ['cls', 'dog']
    assert not set(error_keys(classes)) & set(declared_keys(classes) | coco_keys(classes))


def test_without_classes() -> None:
    assert len(error_keys()) == 12


def test_impossible_classes() -> None:
    with pytest.raises(ConfigError, match='2 times'):
        error_keys(['cat', 'cat'])
