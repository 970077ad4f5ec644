from pathlib import Path
from types import SimpleNamespace

import pytest

from mmholdout.metrics.bootstrap_intervals import Intervals
from mmholdout.metrics.intervals import Interval
from mmholdout.runner.test_text import describe_test

CHOSEN = {'monitor': 'val/mAP', 'value': 0.75, 'val/score_thr': 0.3125}
RESULT = SimpleNamespace(
    per_class=[SimpleNamespace(name='bolt', gts=3, dets=9, ap=0.5, precision=0.4, recall=0.3)]
)


def describe(meta, uses=1, result=RESULT, metrics=None, measured=None, intervals=None):
    metric = SimpleNamespace(result=result, split_result=measured)
    metrics = {'test/mAP': 0.5, 'test/recall': 0.25} if metrics is None else metrics
    return describe_test(
        Path('best.pth'),
        {'epoch': 7, **meta},
        metric,
        metrics,
        uses,
        Path('ledger.jsonl'),
        intervals,
    ).splitlines()


def test_which_model_and_what_chose_it():
    assert describe({'chosen': CHOSEN}) == [
        'best.pth: epoch 7, chosen by val/mAP = 0.7500 on the val split; precision and recall at '
        'its score threshold 0.312',
        'class  gts  dets     AP  precision  recall',
        '-----  ---  ----  -----  ---------  ------',
        'bolt     3     9  0.500      0.400   0.300',
        'test: mAP = 0.5000, recall = 0.2500',
        'test split used once (ledger.jsonl)',
    ]


def test_the_numbers_come_with_their_intervals():
    found = {'recall': Interval(0.2, 0.3333), 'mAP': Interval(0.4, 0.625)}
    lines = describe({}, intervals=Intervals(found, {'precision': 'too few detections (3 < 10)'}))
    assert lines[5:7] == [
        'test, 95 % intervals over the images: mAP 0.400 to 0.625, recall 0.200 to 0.333',
        'test split used once (ledger.jsonl)',
    ]


def test_why_there_is_no_interval():
    few = Intervals({}, dict.fromkeys(('mAP', 'precision'), 'too few images (22 < 50)'))
    assert 'no interval of mAP is given: too few images (22 < 50)' in describe({}, intervals=few)


@pytest.mark.parametrize('meta', [{}, {'chosen': {}}])
def test_no_validation_chose_it(meta):
    assert describe(meta)[0] == 'best.pth: epoch 7, which no validation chose'


def test_how_often_the_split_was_used():
    assert describe({}, uses=3)[-1] == 'test split used 3 times (ledger.jsonl)'


def test_a_metric_without_a_table():
    assert describe({}, result=None)[1].startswith('test: ')


def test_overlap_that_was_allowed_is_told():
    splits = {
        'allow_overlap': True,
        'near_duplicates': 3,
        'kinds': {'mirrored': 3},
        'shared': ["2 images are in both 'train' and 'test'"],
        'unseen': [],
    }
    lines = describe({'splits': splits})
    assert "splits: allow_overlap=True: 2 images are in both 'train' and 'test'" in lines
    assert any('3 pairs of near-duplicates' in line for line in lines)


def test_cocos_line_where_it_was_asked_for():
    lines = describe({}, metrics={'test/mAP': 0.5, 'test/coco_AP': 0.25, 'test/coco_AP75': 0.125})
    assert 'test: coco AP = 0.250, AP75 = 0.125' in lines
    assert not any('coco' in line for line in describe({}))


def test_errors_and_the_thresholds_of_classes_where_they_were_asked_for():
    point = SimpleNamespace(score_thr=0.3, precision=0.5, recall=0.25, f1=1 / 3)
    tide = SimpleNamespace(counts={'miss': 7}, cost={'miss': 0.125})
    errors = SimpleNamespace(iou_thr=0.6, tide=tide, classes=('bolt', 'nut'))
    measured = SimpleNamespace(errors=errors, class_points=(point, None))
    lines = describe({}, measured=measured)
    assert 'errors (IoU 0.6)' in lines
    assert any(line.startswith('miss') and line.endswith('7    0.125') for line in lines)
    assert 'bolt   0.300      0.500   0.250  0.333' in lines
    assert not any(line.startswith('nut') for line in lines)


def test_a_refit_says_that_another_model_was_validated():
    refit = {'of': 'work_dirs/a', 'monitor': 'val/mAP', 'value': 0.75, 'score_thr': 0.3125}
    first = describe({'chosen': {}, 'refit': refit})[0]
    assert 'which no validation measured' in first
    assert 'val/mAP = 0.7500 of another model (work_dirs/a)' in first
    assert 'score threshold 0.312' in first
