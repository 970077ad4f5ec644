from __future__ import annotations

import pytest

from mmholdout.metrics.bootstrap_intervals import bootstrap_intervals
from mmholdout.metrics.keys import declared_keys
from mmholdout.metrics.operating_point import OperatingPoint
from mmholdout.metrics.options import VOCOptions
from mmholdout.metrics.voc import evaluate_voc
from mmholdout.metrics.voc_result import ClassResult, VOCResult


@pytest.fixture
def result() -> VOCResult:
    return VOCResult(
        options=VOCOptions(iou_thr=0.6),
        num_images=4,
        mean_aps={0.6: 0.61, 0.5: 0.7, 0.75: 0.4},
        point=OperatingPoint(0.35, 0.8, 0.6, 0.7),
        fixed_point=OperatingPoint(0.5, 0.9, 0.5, 0.65),
        per_class=(
            ClassResult('cat', 5, 1, 9, 0.61, 0.8, 0.6),
            ClassResult('dog', 0, 2, 1, None, 0.0, None),
        ),
    )


def test_keys_and_values(result) -> None:
    assert result.to_dict() == {
        'mAP': 0.61,
        'AP50': 0.7,
        'AP75': 0.4,
        'precision': 0.8,
        'recall': 0.6,
        'F1': 0.7,
        'score_thr': 0.35,
        'precision_fixed': 0.9,
        'recall_fixed': 0.5,
        'F1_fixed': 0.65,
        'AP/cat': 0.61,
    }


def test_every_key_is_declared(result) -> None:
    assert set(result.to_dict()) <= set(declared_keys(['cat', 'dog']))


def test_what_is_undefined_is_absent(result) -> None:
    nothing = OperatingPoint(None, 0.0, 0.0, 0.0)
    values = VOCResult(
        result.options, 4, result.mean_aps, nothing, nothing, result.per_class
    ).to_dict()
    assert 'score_thr' not in values
    assert 'AP/dog' not in values
    assert values['F1'] == 0.0


def test_intervals_need_the_images(result) -> None:
    assert not result.intervals(100).found
    assert 'is not known' in result.intervals(100).reasons['mAP']


@pytest.mark.parametrize('ap_mode', ['area', '11points'])
def test_intervals_of_what_was_measured(make_scene, ap_mode) -> None:
    found, truth, _ = make_scene(1, images=70, grid=None, score_levels=None)
    result = evaluate_voc(found, truth, ['cat', 'dog'], ap_mode=ap_mode)
    values = result.to_dict()
    got = result.intervals(150)
    expected = bootstrap_intervals(result.judged, values, ['cat', 'dog'], 150, ap_mode)
    assert got == expected and got.found
    assert got == result.intervals(150)
