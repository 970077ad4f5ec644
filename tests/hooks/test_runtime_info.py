from types import SimpleNamespace

import pytest

from mmholdout.hooks import RuntimeInfoHook


@pytest.fixture
def info():
    return {}


@pytest.fixture
def runner(info):
    return SimpleNamespace(
        message_hub=SimpleNamespace(update_info=info.__setitem__),
        train_loop=SimpleNamespace(iters_per_epoch=6),
        max_epochs=3,
        max_iters=30,
        seed=5,
        epoch=1,
        iter=12,
    )


def test_publishes_seed_limits_and_position_and_no_metric(runner, info):
    hook = RuntimeInfoHook()
    hook.before_train(runner)
    runner.iter = 13
    hook.before_train_iter(runner, 2)
    assert info == {'max_epochs': 3, 'max_iters': 30, 'seed': 5, 'epoch': 1, 'iter': 13}


@pytest.mark.parametrize(
    ('done', 'epoch', 'iteration'), [(0, 0, 0), (1, 0, 0), (6, 0, 5), (7, 1, 6)]
)
def test_a_validation_is_told_the_last_training_step(runner, info, done, epoch, iteration):
    """Also right after a resume, where the run has counted the epoch as done already."""
    runner.iter = done
    RuntimeInfoHook().before_val(runner)
    assert info == {'epoch': epoch, 'iter': iteration}
