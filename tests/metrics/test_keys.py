from __future__ import annotations

import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.keys import (
    check_classes,
    class_key,
    declared_interval_keys,
    declared_keys,
    interval_keys,
)

HOSTILE = ['', ' ', 'a/b', 'mAP', 'val/mAP', '人', '{}', '%s', 'a\nb', '../x']


def test_directions() -> None:
    keys = declared_keys(['cat'])
    assert keys.pop('score_thr') is None
    assert set(keys.values()) == {'max'}
    assert set(keys) == {
        *('mAP', 'AP50', 'AP75', 'precision', 'recall', 'F1', 'AP/cat'),
        *('precision_fixed', 'recall_fixed', 'F1_fixed'),
    }


def test_classes_may_be_unknown() -> None:
    assert 'mAP' in declared_keys()
    assert not any(key.startswith('AP/') for key in declared_keys())


def test_any_string_names_a_class() -> None:
    assert {class_key(name) for name in HOSTILE} <= set(declared_keys(HOSTILE))
    assert len(declared_keys(HOSTILE)) == len(declared_keys()) + len(HOSTILE)


@pytest.mark.parametrize(
    ('classes', 'message'),
    [
        (['cat', 'dog', 'cat'], "'cat' is listed 2 times"),
        ('cat', r"\('cat',\)"),
        (['cat', 3], 'class 3 is no string'),
        ([], 'no classes'),
    ],
)
def test_class_lists_that_cannot_be_measured(classes, message) -> None:
    with pytest.raises(ConfigError, match=message):
        check_classes(classes)


def test_a_bad_threshold_shows_without_data() -> None:
    with pytest.raises(ConfigError, match='iou_thr'):
        declared_keys(['cat'], iou_thr=50)


def test_ends_of_intervals_have_keys_and_no_direction():
    assert interval_keys('mAP') == ('mAP_low', 'mAP_high')
    keys = declared_interval_keys()
    assert {'mAP_low', 'mAP_high', 'precision_low', 'recall_high'} <= set(keys)
    assert set(keys.values()) == {None}
    assert not set(keys) & set(declared_keys(['cat']))
