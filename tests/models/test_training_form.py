from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from mmholdout.models.training_form import both_forms, in_training


class Head(nn.Module):
    """Two convolutions for each of the levels, dropout and BatchNorm, and a training form."""

    def __init__(self, in_place: str = '') -> None:
        super().__init__()
        self.tower = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.Dropout(0.5))
        self.last = nn.Conv2d(4, 2, 1)
        self.in_place = in_place
        self.calls = 0
        self.tower[0].register_forward_hook(self._count)

    def _count(self, *_: object) -> None:
        self.calls += 1

    def forward(self, features: tuple[Tensor, ...]) -> tuple[list[Tensor], ...]:
        outs = []
        for x in features:
            y = self.tower(x)
            if self.in_place == 'between':
                y.add_(1)
            z = self.last(y)
            if self.in_place == 'at the end' and not self.training:
                z.mul_(8)
            outs.append(z)
        return (outs, [out + 1 for out in outs]) if self.training else (outs,)


class Plain(nn.Module):
    def forward(self, features):
        return (list(features),)


@pytest.fixture
def features():
    torch.manual_seed(0)
    return tuple(torch.randn(2, 3, size, size) for size in (4, 2))


@pytest.mark.parametrize('in_place', ['', 'between', 'at the end'])
@torch.no_grad()
def test_each_form_equals_a_pass_of_its_own(features, in_place):
    head = Head(in_place).eval()
    for_loss, for_prediction = both_forms(head, features)
    (expected,) = head(features)
    for got, want in zip(for_prediction[0], expected, strict=True):
        assert torch.equal(got, want)
    head.training = True  # the flag alone: neither dropout nor BatchNorm change
    for got, want in zip(for_loss, head(features), strict=True):
        for one, other in zip(got, want, strict=True):
            assert torch.equal(one, other)


@torch.no_grad()
def test_convolutions_run_once_where_nothing_works_in_place(features):
    head = Head().eval()
    both_forms(head, features)
    assert head.calls == 2  # one per level
    again = Head('between').eval()
    both_forms(again, features)
    assert again.calls == 4  # right before quick


@torch.no_grad()
def test_a_head_that_does_not_ask_runs_once(features):
    for_loss, for_prediction = both_forms(Plain().eval(), features)
    assert for_loss is for_prediction


@torch.no_grad()
def test_the_head_is_as_before(features):
    head = Head().eval()
    state = {name: set(vars(part)) for name, part in head.named_modules()}
    both_forms(head, features)
    head.last.weight = nn.Parameter(torch.full((2, 3, 1, 1), 0.0))  # now it fails
    with pytest.raises(RuntimeError):
        both_forms(head, features)
    assert {name: set(vars(part)) for name, part in head.named_modules()} == state
    assert not any(part.training for part in head.modules())


def test_only_the_flags_that_are_named_change():
    head = Head().eval()
    with pytest.raises(ValueError, match='x'), in_training(head):
        assert [name for name, part in head.named_modules() if part.training] == ['']
        raise ValueError('x')
    assert not any(part.training for part in head.modules())


@torch.no_grad()
def test_fcos_scales_its_boxes_in_eval_mode_only(build, detector_config):
    head = build(detector_config('fcos')).bbox_head
    features = tuple(torch.randn(1, 32, size, size) for size in (12, 6, 3, 2))
    (scores, boxes, centres), (eval_scores, eval_boxes, eval_centres) = both_forms(head, features)
    for level, stride in enumerate((8, 16, 32, 64)):
        assert torch.equal(scores[level], eval_scores[level])
        assert torch.equal(boxes[level] * stride, eval_boxes[level])
        assert torch.equal(centres[level], eval_centres[level])
