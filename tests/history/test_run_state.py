from __future__ import annotations

import pytest

from mmholdout.errors import CheckpointError
from mmholdout.history.run_state import RunState


class Counter:
    def __init__(self, count=0):
        self.count = count

    def state_dict(self):
        return {'count': self.count}

    def load_state_dict(self, state):
        self.count = int(state['count'])


@pytest.fixture
def run_state():
    state = RunState()
    state.register('loop', Counter(1))
    state.register('hook.plateau', Counter(2))
    return state


def test_state_is_by_key(run_state):
    assert run_state.state_dict() == {'loop': {'count': 1}, 'hook.plateau': {'count': 2}}


def test_a_key_is_registered_once(run_state):
    with pytest.raises(KeyError, match='loop'):
        run_state.register('loop', Counter())


def test_round_trip_in_another_order_is_silent(run_state):
    plateau, loop = Counter(), Counter()
    other = RunState()
    other.register('hook.plateau', plateau)
    other.register('loop', loop)
    assert other.load_state_dict(run_state.state_dict()) == []
    assert (loop.count, plateau.count) == (1, 2)


def test_what_has_no_partner_is_said_and_everything_else_restored(run_state):
    loop, stop = Counter(), Counter(7)
    other = RunState()
    other.register('loop', loop)
    other.register('hook.stop', stop)
    notices = other.load_state_dict(run_state.state_dict())
    assert (loop.count, stop.count) == (1, 7)
    assert len(notices) == 2
    assert "'hook.plateau' is not used" in notices[0]
    assert "'hook.stop' starts afresh" in notices[1]


@pytest.mark.parametrize('state', [{}, {'count': 'many'}, {'count': None}])
def test_a_state_that_does_not_fit_names_its_part(run_state, state):
    with pytest.raises(CheckpointError, match=r"'hook\.plateau' does not fit"):
        run_state.load_state_dict({'hook.plateau': state})
