import pytest

from mmholdout.errors import CheckpointError
from mmholdout.runner.class_thresholds import class_thresholds


def test_a_class_without_one_keeps_the_common_one():
    chosen = {'val/score_thr/nut': 0.25, 'val/score_thr': 0.4}
    assert class_thresholds(chosen, ['screw', 'nut'], 0.4).tolist() == [0.4, 0.25]


def test_none_at_all():
    with pytest.raises(CheckpointError, match=r'metric.*errors'):
        class_thresholds({'val/score_thr': 0.4}, ['screw'], 0.4)
