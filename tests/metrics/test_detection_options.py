from __future__ import annotations

import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco import coco_keys
from mmholdout.metrics.detection_options import ANALYSES, DetectionOptions, detection_keys
from mmholdout.metrics.error_keys import error_keys
from mmholdout.metrics.keys import declared_keys


@pytest.mark.parametrize('also', ['coco', ['x'], ['coco', 'Errors'], 7, [1]])
def test_what_cannot_be_measured(also) -> None:
    with pytest.raises(ConfigError, match='also'):
        DetectionOptions(also=also)
    with pytest.raises(ConfigError, match='also'):
        detection_keys(also=also)


def test_options_of_voc_are_checked_too() -> None:
    with pytest.raises(ConfigError, match='iou_thr'):
        DetectionOptions(iou_thr=50, also=('coco',))


def test_named_twice_is_named_once() -> None:
    assert DetectionOptions(also=['coco', 'coco']).also == ('coco',)


def test_keys_are_those_of_what_is_asked() -> None:
    classes = ('cat', 'dog')
    assert detection_keys(classes) == declared_keys(classes)
    assert detection_keys(classes, also=['coco']) == declared_keys(classes) | coco_keys(classes)
    every = declared_keys(classes) | coco_keys(classes) | error_keys(classes)
    assert detection_keys(classes, also=ANALYSES) == every
