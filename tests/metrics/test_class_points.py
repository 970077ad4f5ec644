from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics import class_points as module
from mmholdout.metrics.class_points import (
    best_class_points,
    class_point_values,
    class_points_at,
    supported_score_thrs,
)
from mmholdout.metrics.judged_images import JudgedImages

CLASSES = ('cat', 'dog', 'absent', 'unseen')


@pytest.fixture
def judged() -> JudgedImages:
    """cat: 3 objects, found at 0.9 and 0.5, wrong at 0.4; dog: 1, wrong 0.8, found at 0.7."""
    return JudgedImages(
        image=np.zeros(6, np.int64),
        labels=np.array([0, 0, 0, 1, 1, 2]),
        scores=np.array([0.9, 0.5, 0.4, 0.8, 0.7, 0.6]),
        is_true=np.array([True, True, False, False, True, False]),
        object_image=np.zeros(5, np.int64),
        object_labels=np.array([0, 0, 0, 1, 3]),
        num_images=1,
        num_classes=4,
    )


def test_best_of_each_class(judged) -> None:
    cat, dog, absent, unseen = best_class_points(judged)
    assert (cat.score_thr, cat.precision, cat.f1) == (0.5, 1.0, pytest.approx(0.8))
    assert (dog.score_thr, dog.recall, dog.f1) == (0.7, 1.0, pytest.approx(2 / 3))
    assert absent is None
    assert (unseen.score_thr, unseen.f1) == (None, 0.0)


def test_at_given_thresholds_and_the_common_one_elsewhere(judged) -> None:
    cat, dog, absent, _ = class_points_at(judged, CLASSES, {'cat': 0.9}, 0.75)
    assert (cat.score_thr, cat.recall) == (0.9, pytest.approx(1 / 3))
    assert (dog.score_thr, dog.precision) == (0.75, 0.0)
    assert absent is None


@pytest.mark.parametrize(('least', 'names'), [(1, ['cat', 'dog']), (3, ['cat']), (4, []), (20, [])])
def test_only_classes_with_objects_enough(judged, monkeypatch, least, names) -> None:
    monkeypatch.setattr(module, 'LEAST_OBJECTS', least)
    assert list(supported_score_thrs(judged, CLASSES)) == names


def test_keys(judged) -> None:
    values = class_point_values(CLASSES, best_class_points(judged))
    assert values == pytest.approx(
        {'F1/cat': 0.8, 'score_thr/cat': 0.5, 'F1/dog': 2 / 3, 'score_thr/dog': 0.7, 'F1/unseen': 0}
    )
