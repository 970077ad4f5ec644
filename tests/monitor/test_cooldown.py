from __future__ import annotations

import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.cooldown import CooldownDecision
from mmholdout.monitor.patience import BadCount


@pytest.mark.parametrize(
    ('patience', 'cooldown', 'due'),
    [
        (0, 0, [0, 1, 1, 1, 1, 1, 1, 1]),
        (1, 0, [0, 0, 2, 0, 2, 0, 2, 0]),
        (1, 1, [0, 0, 2, 0, 0, 2, 0, 0]),
        (0, 3, [0, 1, 0, 0, 0, 1, 0, 0]),
    ],
)
def test_when_it_acts_on_a_constant_metric(patience, cooldown, due):
    decision = CooldownDecision(BadCount('max', patience), cooldown)
    assert [decision._due(0.5) for _ in range(8)] == due


def test_a_value_during_cooldown_may_become_the_best():
    decision = CooldownDecision(BadCount('max', 0), 2)
    for value in (0.5, 0.4, 0.9):
        decision._due(value)
    assert decision.best == 0.9


def test_state_has_the_counter():
    decision = CooldownDecision(BadCount('max', 0), 2)
    for value in (0.5, 0.4):
        decision._due(value)
    assert decision.state_dict() == {'best': 0.5, 'num_bad': 0, 'cooldown_left': 2}


def test_negative_cooldown():
    with pytest.raises(ConfigError, match='cooldown'):
        CooldownDecision(BadCount('max', 0), -1)
