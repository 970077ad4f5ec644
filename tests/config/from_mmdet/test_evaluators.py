from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.evaluators import rewrite_evaluators

COCO = {'type': 'CocoMetric', 'ann_file': 'a.json', 'metric': 'bbox', 'format_only': False}
VOC = {'type': 'VOCMetric', 'metric': 'mAP', 'eval_mode': '11points'}
OURS = {'type': 'VOCMetric', 'ap_mode': '11points', 'legacy_pixel': True}


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        (COCO, {'evaluation': {'metric': 'coco'}}),
        ([COCO], {'evaluation': {'metric': 'coco'}}),
        (VOC, {'evaluation': {'metric': 'mAP'}, 'val_evaluator': OURS}),
        (
            {**VOC, 'eval_mode': 'area', 'iou_thrs': [0.6]},
            {
                'evaluation': {'metric': 'mAP', 'iou_thr': 0.6},
                'val_evaluator': {**OURS, 'ap_mode': 'area'},
            },
        ),
        (
            {'type': 'mmdet.VOCMetric'},
            {'evaluation': {'metric': 'mAP'}, 'val_evaluator': OURS},
        ),
        (
            [COCO, {'type': 'Mine'}],
            {'evaluation': {'metric': 'coco'}, 'val_evaluator': {'type': 'Mine'}},
        ),
        ({'type': 'VOCMetric'}, {'val_evaluator': {'type': 'VOCMetric'}}),
    ],
)
def test_words(rewrite, given, ours):
    r = rewrite(rewrite_evaluators, val_evaluator=given, test_evaluator=given)
    r.cfg.pop('test_evaluator', None)
    assert r.cfg == ours and not r.refused


def test_what_the_user_asks_for_stays(rewrite):
    r = rewrite(rewrite_evaluators, val_evaluator=COCO, evaluation={'metric': 'mAP'})
    assert r.cfg == {'evaluation': {'metric': 'mAP'}}


def test_test_is_measured_as_val(rewrite):
    other = {**COCO, 'format_only': True, 'outfile_prefix': 'out'}
    r = rewrite(rewrite_evaluators, val_evaluator=COCO, test_evaluator=other)
    assert 'test_evaluator' not in r.cfg
    assert any('test is measured as val is' in line for line in r.said)


@pytest.mark.parametrize(
    ('given', 'said'),
    [
        ({**COCO, 'metric': ['bbox', 'segm']}, 'masks'),
        ({**COCO, 'iou_thrs': [0.5]}, 'evaluation.iou_thr'),
        ({**COCO, 'annfile': 'b'}, 'no counterpart'),
        ({**VOC, 'iou_thrs': [0.5, 0.75]}, 'one threshold'),
        ({**VOC, 'scale_ranges': [(0, 32)]}, 'coco_AP_small'),
        ({'type': 'LVISMetric', 'metric': 'bbox'}, "evaluation=dict(metric='coco')"),
    ],
)
def test_refused(rewrite, given, said):
    ((path, text),) = rewrite(rewrite_evaluators, val_evaluator=given).refused
    assert path[0] == 'val_evaluator' and said in text
