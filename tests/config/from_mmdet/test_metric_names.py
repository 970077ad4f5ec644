from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.metric_names import MONITORS, metrics, monitor
from mmholdout.metrics.coco import coco_keys
from mmholdout.metrics.detection_options import detection_keys


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        ('coco/bbox_mAP', 'coco_AP'),
        ('bbox_mAP_50', 'coco_AP50'),
        ('pascal_voc/mAP', 'mAP'),
        ('mAP', 'mAP'),
        ('val/F1', 'val/F1'),
        (None, None),
        (['a'], ['a']),
    ],
)
def test_monitors(given, ours):
    assert monitor(given) == ours


def test_every_number_exists():
    known = {*coco_keys([]), *detection_keys([])}
    assert set(MONITORS.values()) <= known


@pytest.mark.parametrize(
    ('given', 'ours', 'wrong'),
    [
        ('bbox', 'coco', 0),
        (['bbox'], 'coco', 0),
        (['bbox', 'segm'], 'coco', 1),
        ('proposal', None, 1),
        (['mAP', 'bbox'], ['mAP', 'coco'], 0),
        ('mine', 'mine', 0),
    ],
)
def test_metrics(given, ours, wrong):
    found, sentences = metrics(given)
    assert found == ours and len(sentences) == wrong
