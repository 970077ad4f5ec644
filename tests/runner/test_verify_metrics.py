import json

import pytest

from mmholdout.errors import RunFolderError
from mmholdout.metrics.bootstrap_intervals import Intervals
from mmholdout.metrics.intervals import Interval
from mmholdout.metrics.stored_predictions import (
    StoredPredictions,
    encode,
    read_predictions_file,
)
from mmholdout.metrics.voc_result import VOCResult
from mmholdout.runner.verify_metrics import read_stored, verify_val_metrics


def rewrite(subject, change):
    """Somebody else's predictions with a right digest."""
    path = subject.folder / 'val_predictions.npz'
    stored = read_predictions_file(path)
    detections, about = change(dict(stored.detections), dict(stored.about))
    path.write_bytes(encode(StoredPredictions(detections, about)))


def test_equal_to_the_last_bit(subject):
    verify_val_metrics(subject)
    assert not subject.found.problems
    assert 'val: 14 metrics computed again' in subject.found.passed[0]
    assert subject.found.not_checked == [
        'losses, train_eval/* and the metrics of other epochs: no predictions are kept of them'
    ]


def test_one_ulp_is_a_difference(subject):
    import math

    path = subject.folder / 'history.jsonl'
    best = json.loads((subject.folder / 'summary.json').read_text())['best_epoch'] - 1
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[best]['val/AP50'] = math.nextafter(rows[best]['val/AP50'], 1)
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    verify_val_metrics(subject)
    (problem,) = subject.found.problems
    assert problem.startswith('val/AP50 is ') and 'history.jsonl' in problem


def test_a_metric_that_is_not_in_the_row(subject):
    path = subject.folder / 'history.jsonl'
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        row.pop('val/recall')
        row['val/invented'] = 1.0
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    verify_val_metrics(subject)
    assert 'val/recall is None' in subject.found.problems[0]


def test_a_metric_that_cannot_be_computed_again(subject):
    path = subject.folder / 'history.jsonl'
    rows = [{**json.loads(line), 'val/mine': 1.0} for line in path.read_text().splitlines()]
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    verify_val_metrics(subject)
    assert not subject.found.problems
    assert 'val/mine: cannot be computed again' in subject.found.not_checked


def test_other_predictions(subject):
    def drop(detections, about):
        from mmholdout.metrics.detections import Detections

        return dict.fromkeys(detections, Detections.empty()), about

    rewrite(subject, drop)
    verify_val_metrics(subject)
    assert any('when it is computed from val_predictions.npz' in p for p in subject.found.problems)


def test_predictions_of_a_part_of_the_split_or_of_another(subject):
    rewrite(subject, lambda detections, about: (dict(list(detections.items())[1:]), about))
    verify_val_metrics(subject)
    rewrite(subject, lambda d, about: ({f'other {i}': one for i, one in d.items()}, about))
    verify_val_metrics(subject)
    assert not subject.found.passed
    assert any('have no predictions' in one for one in subject.found.problems)
    assert any('which the dataset has not' in one for one in subject.found.problems)


def test_another_threshold_than_the_config_says(subject):
    def other(detections, about):
        about['metrics']['VOCMetric']['iou_thr'] = 0.3
        return detections, about

    rewrite(subject, other)
    verify_val_metrics(subject)
    assert 'VOCMetric was used with' in subject.found.problems[0]


def test_a_validation_that_is_not_in_the_history(subject):
    rewrite(subject, lambda detections, about: (detections, {**about, 'epoch': 99}))
    verify_val_metrics(subject)
    assert 'no row of epoch 99' in subject.found.not_checked[0]


@pytest.mark.parametrize('name', ['val_predictions.npz', 'history.jsonl', 'config.py'])
def test_what_was_changed_is_not_computed_with(subject, name):
    subject.changed.add(name)
    verify_val_metrics(subject)
    assert name in subject.found.not_checked[0] and not subject.found.passed


def test_other_labels_or_images_have_been_found_already(subject):
    subject.suspect.add('val')
    verify_val_metrics(subject)
    assert 'images or annotations of val' in subject.found.not_checked[0]


def test_no_predictions(subject):
    (subject.folder / 'val_predictions.npz').unlink()
    verify_val_metrics(subject)
    assert 'no val_predictions.npz' in subject.found.not_checked[0]


def test_damaged_predictions_of_a_run_without_a_record(subject):
    (subject.folder / 'val_predictions.npz').write_bytes(b'x')
    with pytest.raises(RunFolderError, match='was changed'):
        read_stored(subject, 'val_predictions.npz')
    assert 'val_predictions.npz is damaged' in subject.found.problems[0]
    assert subject.changed == {'val_predictions.npz'}


def test_intervals_are_computed_again(subject, monkeypatch):
    def intervals(self, replicates):
        assert replicates == 200
        return Intervals({'mAP': Interval(0.1, 0.3)}, {})

    monkeypatch.setattr(VOCResult, 'intervals', intervals)
    path = subject.folder / 'history.jsonl'
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text(
        ''.join(json.dumps(r | {'val/mAP_low': 0.1, 'val/mAP_high': 0.3}) + '\n' for r in rows)
    )
    verify_val_metrics(subject)
    assert not subject.found.problems
    assert 'val: 16 metrics computed again' in subject.found.passed[0]
    path.write_text(
        ''.join(json.dumps(r | {'val/mAP_low': 0.2, 'val/mAP_high': 0.3}) + '\n' for r in rows)
    )
    verify_val_metrics(subject)
    assert subject.found.problems[0].startswith('val/mAP_low is 0.2 in ')


def test_thresholds_of_classes_follow_from_the_predictions(subject):
    from mmholdout.runner.verify_subject import BEST

    meta = subject.meta(BEST)
    verify_val_metrics(subject)
    assert any('score thresholds of' in one for one in subject.found.passed)
    subject.found.passed.clear()
    meta['class_score_thrs'] = {'invented': 0.5}
    verify_val_metrics(subject)
    (problem,) = subject.found.problems
    assert 'best_model.pth' in problem and "class 'invented' is 0.5, but None" in problem


def test_a_best_model_of_an_earlier_version_has_no_thresholds_of_classes(subject):
    from mmholdout.runner.verify_subject import BEST

    del subject.meta(BEST)['class_score_thrs']
    verify_val_metrics(subject)
    assert not subject.found.problems
    assert not any('score thresholds of' in one for one in subject.found.passed)
