from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.options import VOCOptions, is_number


@pytest.mark.parametrize('iou_thr', [0.5, 0.05, 0.999, np.float32(0.5), np.float64(0.5)])
def test_overlaps_between_0_and_1(iou_thr) -> None:
    assert VOCOptions(iou_thr=iou_thr).iou_thr == iou_thr


@pytest.mark.parametrize(
    'iou_thr', [0, 1, 0.0, 1.0, -0.5, 50, True, '0.5', None, [0.5], float('nan')]
)
def test_other_overlaps_are_refused(iou_thr) -> None:
    with pytest.raises(ConfigError, match='iou_thr is'):
        VOCOptions(iou_thr=iou_thr)


@pytest.mark.parametrize('score_thr', [-0.1, 1.1, '0.5', None, True, float('nan')])
def test_other_scores_are_refused(score_thr) -> None:
    with pytest.raises(ConfigError, match='score_thr is'):
        VOCOptions(fixed_score_thr=score_thr)


@pytest.mark.parametrize('score_thr', [0, 1, 0.0, 1.0, 0.3])
def test_scores_from_0_to_1(score_thr) -> None:
    assert VOCOptions(fixed_score_thr=score_thr).fixed_score_thr == score_thr


def test_unknown_mode_names_the_near_one() -> None:
    with pytest.raises(ConfigError, match="Did you mean '11points'"):
        VOCOptions(ap_mode='11point')
    with pytest.raises(ConfigError, match='ap_mode'):
        VOCOptions(ap_mode=None)


def test_all_problems_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        VOCOptions(iou_thr=50, ap_mode='x', legacy_pixel=1, fixed_score_thr=2)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    ('value', 'expected'), [(1, True), (0.5, True), (True, False), ('1', False)]
)
def test_is_number(value, expected) -> None:
    assert is_number(value) is expected
