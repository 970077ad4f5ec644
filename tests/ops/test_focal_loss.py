from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

logit = st.floats(-30, 30, width=32)


def focal(x, positive, gamma, alpha):
    """The paper's equation 5 in double precision, for one logit."""
    p = 1 / (1 + math.exp(-x))
    p_t, alpha_t = (p, alpha) if positive else (1 - p, 1 - alpha)
    if 1 - p_t == 0 or p_t == 0:
        return None
    return -alpha_t * (1 - p_t) ** gamma * math.log(p_t)


@given(
    st.lists(st.tuples(st.lists(logit, min_size=3, max_size=3), st.integers(0, 3)), max_size=5),
    st.sampled_from([0.0, 0.5, 2.0, 3.0]),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.sampled_from([None, (0.5, 2.0, 3.0)]),
)
def test_sigmoid_loss_by_the_definition(rows, gamma, alpha, weight):
    from mmcv.ops import sigmoid_focal_loss

    logits = torch.tensor([row for row, _ in rows], dtype=torch.float64).reshape(-1, 3)
    target = torch.tensor([label for _, label in rows], dtype=torch.int64)
    factors = None if weight is None else torch.tensor(weight, dtype=torch.float64)
    got = sigmoid_focal_loss(logits, target, gamma, alpha, factors, 'none')
    for (row, label), losses in zip(rows, got.tolist()):
        factor = 1.0 if weight is None or label == 3 else weight[label]
        for index, (x, loss) in enumerate(zip(row, losses)):
            expected = focal(x, index == label, gamma, alpha)
            if expected is not None:
                assert loss == pytest.approx(expected * factor, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize('gamma', [0.0, 0.5, 2.0])
@pytest.mark.parametrize('reduction', ['none', 'mean', 'sum'])
@pytest.mark.parametrize('weight', [None, (0.5, 2.0, 3.0, 1.0)])
def test_sigmoid_gradient_through_mmcv(gamma, reduction, weight):
    from mmcv.ops import sigmoid_focal_loss

    logits = torch.randn(6, 4, dtype=torch.float64, requires_grad=True)
    target = torch.tensor([0, 1, 4, 3, 4, 2])
    factors = None if weight is None else torch.tensor(weight, dtype=torch.float64)
    assert torch.autograd.gradcheck(
        lambda x: sigmoid_focal_loss(x, target, gamma, 0.25, factors, reduction), logits
    )


def test_mmdet_in_plain_pytorch_gives_the_same():
    from mmcv.ops import SigmoidFocalLoss
    from mmdet.models.losses.focal_loss import py_sigmoid_focal_loss

    logits = (torch.randn(200, 5) * 10).requires_grad_()
    target = torch.randint(0, 6, (200,))
    one_hot = torch.nn.functional.one_hot(target, 6)[:, :5]
    ours = SigmoidFocalLoss(2.0, 0.25, reduction='sum')(logits, target)
    ours.backward()
    gradient, logits.grad = logits.grad, None
    theirs = py_sigmoid_focal_loss(logits, one_hot, reduction='sum')
    theirs.backward()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gradient, logits.grad)


@pytest.mark.parametrize('x', [-200.0, 200.0])
def test_huge_logits_stay_finite_and_exact(x):
    from mmcv.ops import sigmoid_focal_loss

    logits = torch.tensor([[x]], requires_grad=True)
    wrong = torch.tensor([0 if x < 0 else 1])
    loss = sigmoid_focal_loss(logits, wrong, 2.0, 0.5, None, 'sum')
    assert loss.item() == pytest.approx(100)
    loss.backward()
    assert logits.grad.item() == pytest.approx(math.copysign(0.5, x))


def test_background_is_any_target_that_is_no_class():
    from mmcv.ops import sigmoid_focal_loss

    logits, factors = torch.randn(1, 3), torch.tensor([9.0, 9.0, 9.0])
    losses = [
        sigmoid_focal_loss(logits, torch.tensor([label]), 2.0, 0.25, factors, 'none')
        for label in (3, 4, -1)
    ]
    expected = sigmoid_focal_loss(logits, torch.tensor([3]), 2.0, 0.25, None, 'none')
    assert all(torch.equal(loss, expected) for loss in losses)


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(dtype):
    from mmcv.ops import sigmoid_focal_loss, softmax_focal_loss

    target = torch.tensor([0, 3])
    logits = torch.randn(2, 3).to(dtype)
    got = sigmoid_focal_loss(logits, target, 2.0, 0.25, None, 'none')
    expected = sigmoid_focal_loss(logits.float(), target, 2.0, 0.25, None, 'none')
    assert torch.equal(got, expected.to(dtype))
    assert softmax_focal_loss(logits, target[:1].repeat(2)).isfinite()


@pytest.mark.parametrize('gamma', [0.0, 1.0, 2.0])
@pytest.mark.parametrize('reduction', ['mean', 'sum'])
@pytest.mark.parametrize('weight', [None, (0.5, 2.0, 3.0, 1.0)])
def test_softmax_loss_and_gradient(gamma, reduction, weight):
    from mmcv.ops import softmax_focal_loss

    logits = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
    target = torch.tensor([0, 1, 3, 3, 2])
    factors = None if weight is None else torch.tensor(weight, dtype=torch.float64)
    p = logits.detach().softmax(1).gather(1, target[:, None])[:, 0]
    losses = -0.25 * (1 - p) ** gamma * p.log() * (1 if weight is None else factors[target])
    expected = losses.sum() / (5 if reduction == 'mean' else 1)

    def loss(x):
        return softmax_focal_loss(x, target, gamma, 0.25, factors, reduction)

    torch.testing.assert_close(loss(logits), expected)
    assert torch.autograd.gradcheck(loss, logits)


def test_softmax_rows_without_a_class_and_certain_ones_add_nothing():
    from mmcv.ops import softmax_focal_loss

    logits = torch.tensor([[0.0, 1.0], [1000.0, 0.0], [0.0, 3.0]], requires_grad=True)
    target = torch.tensor([-1, 0, 2])
    loss = softmax_focal_loss(logits, target, 0.5, 0.25, torch.tensor([2.0, 3.0]), 'sum')
    loss.backward()
    assert loss.item() == 0
    assert logits.grad.abs().sum() == 0
