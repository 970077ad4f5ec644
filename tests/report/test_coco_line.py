from __future__ import annotations

from mmholdout.report.coco_line import coco_line

ROW = {
    'epoch': 3,
    'val/coco_AP': 0.3124,
    'val/coco_AP50': 0.512,
    'val/coco_AP75': 0.30,
    'val/coco_AP_medium': 0.4,
    'val/coco_AR100': 0.0,
}


def test_what_was_measured_in_its_order():
    assert coco_line(ROW) == (
        'coco AP = 0.312, AP50 = 0.512, AP75 = 0.300, medium = 0.400, AR100 = 0.000'
    )
    test = {key.replace('val/', 'test/'): value for key, value in ROW.items()}
    assert coco_line(test, 'test') == coco_line(ROW)


def test_not_asked_for():
    assert coco_line({'val/mAP': 0.5}) is None
    assert coco_line(ROW, 'test') is None


def test_a_perfect_ap_is_one_although_its_sum_is_not():
    assert coco_line({'val/coco_AP': 0.9999999999999998}) == 'coco AP = 1.000'
    assert coco_line({'val/coco_AP': 0.9999999}) == 'coco AP = 0.9999999'
