import pytest

from mmholdout.hooks import LearningRateHook, ReduceLROnPlateauHook


def rates(run, hook, epoch, iteration):
    run.train_loop.epoch, run.train_loop.iter = epoch, iteration
    hook.before_train_iter(run, 0)
    return [group['lr'] for group in run.optim_wrapper.param_groups]


def test_product_of_schedule_warm_up_and_plateau(scripted):
    plateau = ReduceLROnPlateauHook('mAP', factor=0.5, patience=0)
    hook = LearningRateHook(
        {
            'type': 'step',
            'milestones': [4],
            'gamma': 0.1,
            'warmup': {'iters': 10, 'start_factor': 0.5},
        }
    )
    run = scripted(hook, plateau)
    run.call('before_train')
    assert rates(run, hook, 0, 0) == pytest.approx([0.05, 0.005])
    assert rates(run, hook, 1, 10) == pytest.approx([0.1, 0.01])
    run.run([0.5, 0.5])
    assert rates(run, hook, 2, 20) == pytest.approx([0.05, 0.005])
    assert rates(run, hook, 4, 40) == pytest.approx([0.005, 0.0005])


def test_setting_twice_accumulates_nothing(scripted):
    hook = LearningRateHook()
    run = scripted(hook)
    run.call('before_train')
    for _ in range(3):
        assert rates(run, hook, 0, 5) == [0.1, 0.01]
