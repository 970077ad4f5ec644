import math

from mmholdout.report.coco_table import (
    aligned,
    coco_class_table,
    largest_difference,
    summary_table,
)


def test_twelve_rows_and_a_dash_for_what_is_not_defined():
    lines = summary_table({'coco_AP': 0.5, 'coco_AR1': 0.25}).splitlines()
    assert len(lines) == 14
    assert lines[0].split() == ['IoU', 'area', 'max', 'dets', 'value']
    assert lines[2].split() == ['AP', '0.50:0.95', 'all', '100', '0.500']
    assert lines[3].split()[-1] == '-'
    assert lines[8].split() == ['AR', '0.50:0.95', 'all', '1', '0.250']


def test_the_official_numbers_beside_ours():
    lines = summary_table({'coco_AP': 0.5, 'coco_AP50': 1.0}, {'coco_AP': 0.25}).splitlines()
    assert lines[2].split()[-3:] == ['0.500000000000', '0.250000000000', '2.5e-01']
    assert lines[3].split()[-3:] == ['1.000000000000', '-', '-']


def test_largest_difference():
    ours = {'coco_AP': 0.5, 'coco_AR1': 0.25, 'mAP': 1.0}
    assert largest_difference(ours, ours | {'mAP': 0.0}) == 0
    assert largest_difference(ours, ours | {'coco_AR1': 0.5}) == 0.25
    assert largest_difference(ours, {'coco_AP': 0.5}) == math.inf
    assert largest_difference({}, {'coco_AR_large': 0.5}) == math.inf


def test_classes():
    rows = [
        {'class': 'a\x1b[31m\nx', 'gts': 3, 'AP': 0.9999999999999998, 'small': None},
        {'class': 'b', 'gts': 0, 'AP': None, 'small': 0.9999},
    ]
    lines = coco_class_table(rows).splitlines()
    assert len(lines) == 4
    assert lines[0].split() == ['class', 'gts', 'AP', 'small']
    assert lines[2].split() == [r'a\x1b[31m\nx', '3', '1.000', '-']
    assert lines[3].split() == ['b', '0', '-', '0.9999']
    assert coco_class_table([]) == ''


def test_alignment():
    assert aligned([['n', 'v'], ['名', '10'], ['abc', '1']], left=1).splitlines() == [
        'n     v',
        '---  --',
        '名   10',
        'abc   1',
    ]
