from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.evaluation import rewrite_evaluation


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        ({'interval': 2, 'metric': 'bbox'}, {'interval': 2, 'metric': 'coco'}),
        ({'metric': ['bbox']}, {'metric': 'coco'}),
        ({'metric': 'mAP', 'save_best': 'auto'}, {'metric': 'mAP'}),
        ({'save_best': 'bbox_mAP_75', 'rule': 'greater'}, {'save_best': 'coco_AP75'}),
        ({'start': 0}, {'begin': 1}),
        ({'start': 5, 'classwise': True, 'dynamic_intervals': [(3, 1)]}, {'begin': 5}),
        ({'metric': ['mAP', 'coco'], 'loss': False}, {'metric': ['mAP', 'coco'], 'loss': False}),
    ],
)
def test_words(rewrite, given, ours):
    r = rewrite(rewrite_evaluation, evaluation=given)
    assert r.cfg == {'evaluation': ours} and not r.refused


def test_masks_are_refused(rewrite):
    ((path, text),) = rewrite(rewrite_evaluation, evaluation={'metric': ['bbox', 'segm']}).refused
    assert path == ('evaluation', 'metric') and 'masks' in text
