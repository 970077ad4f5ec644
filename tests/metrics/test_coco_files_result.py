from __future__ import annotations

import json

import pytest

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.class_points import best_class_points
from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.coco_files import read_coco_files
from mmholdout.metrics.coco_files_result import coco_files_keys, evaluate_coco_files
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.error_analysis import analyse_errors
from mmholdout.metrics.voc import evaluate_voc

CLASSES = ('bolt', 'nut')
BOXES = [[0, 0, 10, 10], [20, 20, 10, 10], [40, 0, 40, 40]]


@pytest.fixture
def files(tmp_path):
    """Three objects of `bolt`, none of `nut`; the detection of 0.7 overlaps its object by 0.6."""

    def build(found=((0, 0.9), (1, 0.7), (0, 0.6)), shift=4, **changes):
        truth = {
            'images': [{'id': 1}, {'id': 2}],
            'categories': [{'id': 1, 'name': 'bolt'}, {'id': 2, 'name': 'nut'}],
            'annotations': [
                {'id': i, 'image_id': 1, 'category_id': 1, 'bbox': b, 'area': b[2] * b[3]}
                for i, b in enumerate(BOXES)
            ],
            **changes,
        }
        detections = [
            {'image_id': 1, 'category_id': 1, 'score': s, 'bbox': [*BOXES[i][:3], 10 - shift * i]}
            for i, s in found
        ]
        for name, content in (('p', detections), ('g', truth)):
            (tmp_path / f'{name}.json').write_text(json.dumps(content))
        return read_coco_files(tmp_path / 'p.json', tmp_path / 'g.json')

    return build


def test_numbers_by_hand(files):
    values = evaluate_coco_files(files()).to_dict()
    # two of three found without an error: precision 1 up to a recall of 2/3
    assert values['mAP'] == pytest.approx(2 / 3, abs=1e-7)
    assert values['mAP_11points'] == pytest.approx(7 / 11, abs=1e-7)
    assert values['coco_AP50'] == pytest.approx(67 / 101, abs=1e-12)
    assert values['AP75'] == pytest.approx(1 / 3, abs=1e-7)
    assert values['precision'] == 1 and values['recall'] == pytest.approx(2 / 3)
    assert values['score_thr'] == 0.7
    assert 'coco_AP_medium' in values and 'coco_AP_large' not in values
    assert 'AP/bolt' in values and 'coco_AP/bolt' in values
    assert 'AP/nut' not in values and 'coco_AP/nut' not in values


def test_options_reach_the_voc_numbers(files):
    some = files()
    assert evaluate_coco_files(some, iou_thr=0.7).to_dict()['mAP'] == pytest.approx(1 / 3)
    with_threshold = evaluate_coco_files(some, score_thr=0.8).to_dict()
    assert with_threshold['score_thr'] == 0.8 and with_threshold['recall'] == pytest.approx(1 / 3)
    # 10 x 4 in 10 x 10 is 0.4; with the last pixel 11 x 5 in 11 x 11 is 0.4545
    flat = files(shift=6)
    assert evaluate_coco_files(flat, 0.45).to_dict()['mAP'] == pytest.approx(1 / 3)
    assert evaluate_coco_files(flat, 0.45, legacy_pixel=True).to_dict()['mAP'] == pytest.approx(
        2 / 3
    )
    with pytest.raises(ConfigError, match='iou_thr is 2'):
        evaluate_coco_files(some, iou_thr=2)


def test_the_parts_are_those_of_the_evaluators(files):
    some = files()
    result = evaluate_coco_files(some)
    values = result.to_dict()
    voc = evaluate_voc(*some.per_image(), CLASSES).to_dict()
    assert {key: values[key] for key in voc} == voc
    coco = evaluate_coco(some.scene(), CLASSES).to_dict()
    assert {key: values[key] for key in coco} == coco
    errors = analyse_errors(match_coco(some.scene()), CLASSES).to_dict()
    assert {key: values[key] for key in errors} == errors
    points = {key for key in values if key.startswith(('F1/', 'score_thr/'))}
    assert set(values) == {*voc, *coco, *errors, *points, 'mAP_11points'}


def test_all_keys_are_declared_with_directions(files):
    result = evaluate_coco_files(files(), sides=(16,))
    declared = coco_files_keys(CLASSES, ['0-16', '16+'])
    assert set(result.to_dict()) <= set(declared)
    assert declared['mAP_11points'] == declared['F1/bolt'] == 'max'
    assert set(coco_files_keys()) < set(declared)


def test_f1_of_a_class_goes_by_the_matching_that_f1_goes_by(files):
    result = evaluate_coco_files(files())
    values = result.to_dict()
    best = [point and point.f1 for point in best_class_points(result.voc.judged)]
    assert [values.get(f'F1/{name}') for name in CLASSES] == best
    assert [row['best F1'] for row in result.class_rows()] == best
    assert any(best)


def test_errors_at_another_overlap_and_by_size(files):
    result = evaluate_coco_files(files(), iou_thr=0.3, sides=(16, 64))
    assert (result.errors.iou_thr, result.errors.tide.bg_thr) == (0.3, 0.1)
    assert [row.name for row in result.errors.sizes] == ['0-16', '16-64', '64+']
    assert sum(row.gts for row in result.errors.sizes) == sum(r['gts'] for r in result.class_rows())
    assert evaluate_coco_files(files(), iou_thr=0.1).errors.tide.bg_thr == 0.05
    assert (
        result.coco.summary == evaluate_coco(result.matches.scene, CLASSES, result.matches).summary
    )


def test_rows(files):
    bolt, nut = evaluate_coco_files(files()).class_rows()
    assert (bolt['class'], bolt['gts'], bolt['dets']) == ('bolt', 3, 3)
    assert bolt['VOC AP'] == pytest.approx(2 / 3) and bolt['AP50'] == pytest.approx(67 / 101)
    assert (nut['gts'], nut['dets'], nut['coco_AP'], nut['VOC AP']) == (0, 0, None, None)


def test_nothing_detected_is_zero(files):
    values = evaluate_coco_files(files(found=())).to_dict()
    assert values['mAP'] == values['coco_AP'] == values['coco_AR100'] == values['recall'] == 0
    assert 'score_thr' not in values


def test_nothing_to_find_is_an_error(files):
    with pytest.raises(DataError, match='nothing to measure'):
        evaluate_coco_files(files(annotations=[]))
