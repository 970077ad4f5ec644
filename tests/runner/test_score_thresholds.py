from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import CheckpointError
from mmholdout.runner.score_thresholds import (
    best_class_score_thrs,
    chosen_score_thr,
    differing_thresholds,
    thresholds_of,
)

CLASSES = ('cat', 'dog', 'bird')
META = {
    'classes': CLASSES,
    'chosen': {'val/score_thr': 0.25},
    'class_score_thrs': {'dog': 0.75},
}


@pytest.mark.parametrize(
    ('meta', 'given', 'thr', 'said'),
    [
        (META, None, 0.25, 'objects scored 0.25 or more (chosen by validation, best F1)'),
        (META, 0.6, 0.6, 'objects scored 0.60 or more (as given)'),
        (META, 0.0, 0.0, 'objects scored 0.00 or more (as given)'),
        ({'classes': CLASSES}, None, 0.5, 'scored 0.50 or more (no validation chose one)'),
        ({'classes': CLASSES, 'chosen': {}}, None, 0.5, 'no validation chose one'),
    ],
)
def test_one_for_all(meta, given, thr, said):
    thresholds, remarks = thresholds_of(meta, 'a.pth', given)
    assert thresholds.of_labels(np.array([2, 0, 1])).tolist() == [thr] * 3
    assert said in thresholds.text() and remarks == []


def test_each_class_its_own_and_the_common_one_elsewhere():
    thresholds, remarks = thresholds_of(META, 'a.pth', per_class=True)
    assert thresholds.of_labels(np.array([0, 1, 2, 1])).tolist() == [0.25, 0.75, 0.25, 0.75]
    assert thresholds.of_labels(np.zeros(0, np.int64)).tolist() == []
    (remark,) = remarks
    assert remark.startswith('cat, bird: fewer than 20 objects') and '0.25 is used' in remark
    assert thresholds.text() == (
        'objects at the thresholds of their classes: dog 0.75; cat, bird: scored 0.25 or more '
        '(chosen by validation, best F1)'
    )


def test_every_class_has_its_own():
    meta = {**META, 'class_score_thrs': dict.fromkeys(CLASSES, 0.5)}
    thresholds, remarks = thresholds_of(meta, 'a.pth', per_class=True)
    assert remarks == [] and 'scored' not in thresholds.text()


def test_no_class_has_its_own():
    thresholds, remarks = thresholds_of({**META, 'class_score_thrs': {}}, 'a', per_class=True)
    assert thresholds.text() == 'objects scored 0.25 or more (chosen by validation, best F1)'
    assert len(remarks) == 1


def test_a_checkpoint_without_them_is_refused():
    without = {key: value for key, value in META.items() if key != 'class_score_thrs'}
    with pytest.raises(CheckpointError, match=r'a\.pth has no thresholds by class'):
        thresholds_of(without, 'a.pth', per_class=True)


def test_of_the_first_metric_that_has_any():
    class Has:
        best_class_score_thrs = {'cat': 0.5}

    assert best_class_score_thrs([object(), Has()]) == {'cat': 0.5}
    assert best_class_score_thrs([object()]) == {}


def test_differences_are_named():
    assert differing_thresholds({'a': 0.5, 'b': 0.5}, {'a': 0.5, 'b': 0.5}) == []
    differ = differing_thresholds({'a': 0.5, 'b': 0.5}, {'a': 0.6, 'c': 0.5})
    assert [sentence.split("'")[1] for sentence in differ] == ['a', 'b', 'c']


def test_chosen_by_no_validation():
    assert chosen_score_thr({}) is None
    assert chosen_score_thr({'chosen': None}) is None


def test_a_refit_has_the_threshold_of_the_run_that_it_repeats():
    meta = {'classes': CLASSES, 'chosen': {}, 'refit': {'score_thr': 0.125}}
    assert chosen_score_thr(meta) == 0.125
    thresholds, _ = thresholds_of(meta, 'refit_model.pth')
    assert 'validation of the run that this is a refit of' in thresholds.text()
    assert chosen_score_thr({'chosen': {}, 'refit': {'score_thr': None}}) is None
