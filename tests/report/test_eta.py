import pytest

from mmholdout.report.eta import Eta, clock


@pytest.mark.parametrize(
    ('seconds', 'text'),
    [(0, '0:00'), (59.6, '1:00'), (750, '12:30'), (3723, '1:02:03'), (-5, '0:00')],
)
def test_clock(seconds, text):
    assert clock(seconds) == text


def test_nothing_observed_is_nothing_left():
    assert Eta().remaining(100, 3) == 0.0


def test_iterations_and_validations_are_added():
    eta = Eta()
    eta.observe_iter(0.5)
    eta.observe_validation(10.0)
    assert eta.remaining(20, 2.5) == pytest.approx(20 * 0.5 + 2.5 * 10)


def test_a_slow_first_batch_is_forgotten():
    eta = Eta()
    for seconds in [60.0] + [0.5] * 200:
        eta.observe_iter(seconds)
    assert eta.seconds_per_iter == pytest.approx(0.5, rel=0.01)
