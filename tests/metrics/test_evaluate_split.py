from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import DataError
from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCO_AREAS, COCOOptions
from mmholdout.metrics.detection_options import DetectionOptions, detection_keys
from mmholdout.metrics.error_analysis import analyse_errors
from mmholdout.metrics.evaluate_split import evaluate_split
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.metrics.voc import evaluate_voc

BOTH = DetectionOptions(also=('coco', 'errors'))
NAMES = ('one', 'two')


@given(st.integers(0, 10**6), st.sampled_from([0.05, 0.4, 0.5, 0.75, 0.8]))
def test_each_part_is_what_it_is_alone(make_scene, seed, iou_thr) -> None:
    detections, truth, _ = make_scene(seed)
    if all(one.ignore.all() for one in truth):
        return
    options = DetectionOptions(iou_thr=iou_thr, also=('errors', 'coco'))
    result = evaluate_split(detections, truth, NAMES, options)
    values = result.to_dict()
    voc = evaluate_voc(detections, truth, NAMES, iou_thr=iou_thr)
    scene = scene_from_images(detections, truth, 2)
    expected = voc.to_dict() | evaluate_coco(scene, NAMES).to_dict()
    only = COCOOptions(iou_thrs=(iou_thr,), areas={'all': COCO_AREAS['all']})
    errors = analyse_errors(
        match_coco(scene, only),
        NAMES,
        iou_thr=iou_thr,
        bg_thr=min(0.1, iou_thr / 2),
        score_thr=voc.point.score_thr,
    )
    expected |= errors.to_dict()
    own = {k: v for k, v in values.items() if k.startswith(('F1/', 'score_thr/'))}
    assert {k: v for k, v in values.items() if k not in own} == expected
    assert set(values) <= set(detection_keys(NAMES, iou_thr, options.also))
    assert all(0 <= values[f'F1/{name}'] <= 1 for name in NAMES if f'F1/{name}' in own)


@given(st.integers(0, 10**6))
def test_one_class_at_its_own_threshold_is_all_classes_at_theirs(make_scene, seed) -> None:
    """F1 of the only class and F1 of all are one number, by one matching."""
    detections, truth, _ = make_scene(seed, classes=1)
    if all(one.ignore.all() for one in truth):
        return
    values = evaluate_split(detections, truth, ['only'], BOTH).to_dict()
    assert values['F1/only'] == values['F1']
    assert values.get('score_thr/only') == values.get('score_thr')
    given_thr = evaluate_split(detections, truth, ['only'], BOTH, 0.6, {}).to_dict()
    assert given_thr['F1/only'] == given_thr['F1'] and given_thr['score_thr/only'] == 0.6


def test_only_voc_unless_more_is_asked(make_scene) -> None:
    detections, truth, _ = make_scene(1)
    result = evaluate_split(detections, truth, NAMES, DetectionOptions())
    assert (result.coco, result.errors, result.class_points) == (None, None, ())
    assert result.to_dict() == evaluate_voc(detections, truth, NAMES).to_dict()


def test_nothing_to_be_found(make_scene) -> None:
    detections, truth, _ = make_scene(1, max_gts=0)
    with pytest.raises(DataError, match='nothing to measure'):
        evaluate_split(detections, truth, NAMES, BOTH)
