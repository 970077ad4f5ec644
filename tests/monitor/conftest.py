from __future__ import annotations

import json

import pytest

PLAIN = (type(None), bool, int, float, str)


def assert_resumes(make, values, at, observe, read):
    """A decision saved after `at` values and restored into a new one goes on as if nothing was."""
    whole, first = make(), make()
    expected = [(observe(whole, i, value), read(whole)) for i, value in enumerate(values)]
    found = [(observe(first, i, value), read(first)) for i, value in enumerate(values[:at])]
    state = first.state_dict()
    assert all(type(value) in PLAIN for value in state.values())
    assert json.loads(json.dumps(state)) == state
    second = make()
    second.load_state_dict(state)
    found += [(observe(second, i, value), read(second)) for i, value in enumerate(values[at:], at)]
    assert found == expected
    assert second.state_dict() == whole.state_dict()


@pytest.fixture(scope='session')
def resumes():
    return assert_resumes
