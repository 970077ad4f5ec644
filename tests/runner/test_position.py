import pytest

from mmholdout.runner.position import fit_position


def at(epoch, step, iteration):
    return {'epoch': epoch, 'step': step, 'iter': iteration, 'pending': False}


@pytest.mark.parametrize(
    ('position', 'before', 'now', 'by_epoch', 'fitted'),
    [
        (at(3, 0, 30), 10, 10, True, at(3, 0, 30)),
        (at(3, 0, 30), 10, 5, True, at(3, 0, 15)),
        (at(3, 0, 30), 10, 20, True, at(3, 0, 60)),
        (at(3, 4, 34), 10, 5, True, at(3, 2, 17)),
        (at(3, 3, 33), 10, 5, True, at(3, 2, 17)),  # no image twice: rounded up
        (at(3, 9, 39), 10, 5, True, at(3, 4, 19)),  # an epoch is never skipped
        (at(0, 5, 5), 10, 1, True, at(0, 0, 0)),
        (at(3, 0, 30), 10, 5, False, at(3, 0, 30)),
        (at(3, 5, 35), 10, 20, False, at(3, 10, 35)),
    ],
)
def test_table(position, before, now, by_epoch, fitted):
    found, sentence = fit_position(position, before, now, by_epoch=by_epoch)
    assert found == fitted
    assert (sentence is None) == (before == now)
    assert sentence is None or f'{now} iterations now and had {before}' in sentence
