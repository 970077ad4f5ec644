from types import SimpleNamespace

import pytest
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.hooks import BestModelHook, LearningRateHook, ReduceLROnPlateauHook
from mmholdout.runner.facts import RunFacts


def facts(*hooks, by_epoch=True, interval=2, epoch=3, step=0):
    run = RunFacts()
    run.hooks, run.model = list(hooks), nn.Linear(1, 1)
    run.train_loop = SimpleNamespace(
        epoch=epoch,
        step=step,
        iter=30,
        end_iter=100,
        iters_per_epoch=10,
        due=SimpleNamespace(interval=interval, by_epoch=by_epoch),
    )
    run.val_loop = object()
    run.optim_wrapper = SimpleNamespace(param_groups=[{'lr': 0.1}, {'lr': 0.01}])
    return run


def test_what_hooks_know():
    best, plateau = BestModelHook('mAP'), ReduceLROnPlateauHook('mAP')
    plateau.cuts = [7, 3]
    run = facts(best, plateau, LearningRateHook({'type': 'constant', 'warmup': {'iters': 5}}))
    assert run.best is best.tracker
    assert run.lr_cuts == [3, 7] and run.warmup_iters == 5 and run.learning_rate == 0.1


def test_a_missing_hook_is_named():
    with pytest.raises(ConfigError, match='BestModelHook'):
        _ = facts().best


@pytest.mark.parametrize(('by_epoch', 'left', 'epochs'), [(True, 3.5, 6), (False, 35.0, 0)])
def test_intervals_in_epochs_and_iterations(by_epoch, left, epochs):
    run = facts(by_epoch=by_epoch)
    assert run.validations_left == left and run.epochs_of(3) == epochs


@pytest.mark.parametrize(('step', 'begun'), [(0, 3), (1, 4)])
def test_an_epoch_under_way_counts(step, begun):
    assert facts(step=step).epochs_begun == begun


def test_a_model_without_a_wrapper_is_itself():
    run = facts()
    assert run.bare_model is run.model


def test_a_run_without_validation():
    run = facts()
    assert run.validates
    run.val_loop = None
    assert not run.validates and run.validations_left == 0
