from __future__ import annotations

import math

import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.decision import PatientDecision
from mmholdout.monitor.patience import BadCount


def test_it_shows_what_its_count_holds():
    count = BadCount('max', 4, 0.5)
    decision = PatientDecision(count)
    count.observe(3.0)
    count.observe(math.nan)
    assert (decision.patience, decision.min_delta) == (4, 0.5)
    assert (decision.best, decision.num_bad) == (3.0, 1)
    assert 'nan' in decision.notice


def test_the_mode_may_be_set_once_the_metric_is_known():
    decision = PatientDecision(BadCount('max', 1))
    decision.mode = 'min'
    assert decision.mode == decision._count.mode == 'min'
    with pytest.raises(ConfigError, match='mode'):
        decision.mode = 'less'


def test_hyper_parameters_are_not_in_the_state():
    assert set(PatientDecision(BadCount('max', 4)).state_dict()) == {'best', 'num_bad'}
