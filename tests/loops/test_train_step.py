import pytest
from mmengine.optim import OptimWrapper

from mmholdout.errors import NonFiniteLossError
from mmholdout.loops.train_step import train_step


def step(run, batch):
    return train_step(run.model, batch, run.optim_wrapper, where='epoch 3, iteration 120')


def test_updates_from_the_sum_of_the_loss_terms(one_weight, batch_of):
    terms = step(one_weight, batch_of(1.0))
    assert {name: value.item() for name, value in terms.items()} == {
        'loss': 3.0,  # loss_a, and the list loss_b summed; acc is no loss
        'loss_a': 1.0,
        'loss_b': 2.0,
        'acc': 1.0,
    }
    assert one_weight.model.weight.item() == pytest.approx(1 - 0.1 * 3)


@pytest.mark.parametrize('value', [float('nan'), float('inf')])
def test_a_loss_that_is_not_finite_changes_nothing(one_weight, batch_of, value):
    with pytest.raises(NonFiniteLossError) as error:
        step(one_weight, batch_of(value))
    assert one_weight.model.weight.item() == 1.0
    assert one_weight.model.weight.grad is None
    for part in ('epoch 3, iteration 120', 'loss_a = ', 'images/7.jpg', 'learning rate'):
        assert part in str(error.value)


def test_the_state_before_is_kept_when_a_later_batch_diverges(one_weight, batch_of):
    step(one_weight, batch_of(1.0))
    weight = one_weight.model.weight.item()
    with pytest.raises(NonFiniteLossError):
        step(one_weight, batch_of(float('nan')))
    assert one_weight.model.weight.item() == weight


def test_a_gradient_that_is_not_finite_changes_nothing_where_that_is_asked_for(
    one_weight, batch_of
):
    clip_grad = {'max_norm': 1.0, 'error_if_nonfinite': True}
    one_weight.optim_wrapper = OptimWrapper(one_weight.optim_wrapper.optimizer, clip_grad=clip_grad)
    one_weight.model.weight.register_hook(lambda gradient: gradient * float('inf'))
    with pytest.raises(NonFiniteLossError, match=r'gradient is not finite at epoch 3.*7\.jpg'):
        step(one_weight, batch_of(1.0))
    assert one_weight.model.weight.item() == 1.0


def test_any_other_failure_of_an_update_is_not_renamed(one_weight, batch_of):
    def fail(*_, **__):
        raise RuntimeError('out of memory')

    one_weight.optim_wrapper.update_params = fail
    with pytest.raises(RuntimeError, match='out of memory'):
        step(one_weight, batch_of(1.0))
