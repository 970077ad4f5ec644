import pytest
import torch
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.runner.frozen import Frozen


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential()
        for name in ('stage1', 'stage2', 'stage10'):
            self.backbone.add_module(
                name, nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Dropout(0.5))
            )
        self.head = nn.Linear(2, 1)

    def forward(self, x):
        return self.head(self.backbone(x))


def trained(model):
    return {name for name, p in model.named_parameters() if p.requires_grad}


def test_a_path_is_a_module_and_not_the_beginning_of_a_name():
    model = Small()
    Frozen(model, ['backbone.stage1', 'head.bias'])
    assert trained(model) == {
        f'backbone.{stage}.{part}'
        for stage in ('stage2', 'stage10')
        for part in ('0.weight', '0.bias', '1.weight', '1.bias')
    } | {'head.weight'}


def test_batch_norm_and_dropout_stay_in_eval_mode_and_nothing_changes():
    torch.manual_seed(0)
    model = Small()
    frozen = Frozen(model, ['backbone.stage1'])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1)
    frozen.drop_from(optimizer)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    for _ in range(3):
        model.train()
        frozen.keep_in_eval_mode()
        model(torch.randn(8, 2)).sum().backward()
        optimizer.step()
    stages = model.backbone
    assert not any(m.training for m in stages.stage1.modules())
    assert all(m.training for m in stages.stage2.modules()) and model.training
    changed = {k for k, v in model.state_dict().items() if not torch.equal(v, before[k])}
    assert not any(name.startswith('backbone.stage1.') for name in changed)
    assert 'backbone.stage2.1.running_mean' in changed and 'head.weight' in changed


def test_the_optimizer_has_what_is_trained():
    model = Small()
    groups = [{'params': list(model.backbone.parameters())}, {'params': [*model.head.parameters()]}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    Frozen(model, ['backbone', 'head.bias']).drop_from(optimizer)
    assert [len(group['params']) for group in optimizer.param_groups] == [1]
    assert optimizer.param_groups[0]['params'][0] is model.head.weight


def test_unknown_paths_are_all_named_with_what_is_near():
    with pytest.raises(ConfigError) as error:
        Frozen(Small(), ['backbone.stag1', 'nekc', 'backbone.stage2.conv', ''])
    first, second, third, _ = error.value.problems
    assert "Did you mean 'backbone.stage1'" in first
    assert 'Parts of backbone: stage1, stage2, stage10' in first
    assert 'Parts of the model: backbone, head' in second
    assert 'Parts of backbone.stage2: 0, 1, 2' in third


def test_everything_frozen_is_refused():
    model = Small()
    Frozen(model, ['backbone']).check()
    with pytest.raises(ConfigError, match='nothing to train'):
        Frozen(model, ['backbone', 'head']).check()


def test_what_is_said():
    assert Frozen(Small(), []).sentence() is None
    model = nn.ModuleDict({'backbone': nn.Linear(1199, 1000), 'head': nn.Linear(2199, 1000)})
    sentence = Frozen(model, ['backbone']).sentence()
    assert sentence == 'frozen: 1.2 M of 3.4 M parameters (backbone)'


@pytest.mark.parametrize(
    ('kind', 'arguments', 'first'),
    [
        ('ResNet', {'depth': 18}, 'layer1.0.bn1'),
        ('MobileNetV2', {}, 'layer1.0.depthwise_conv.bn'),
    ],
)
def test_mmdets_own_frozen_stages_go_on_working(kind, arguments, first):
    """They freeze in `train()`, some of them only there."""
    from mmholdout.registry import MODELS

    backbone = MODELS.build(
        dict(type=f'mmdet.{kind}', frozen_stages=1, norm_eval=False, **arguments)
    )
    model = nn.ModuleDict({'backbone': backbone, 'head': nn.Linear(2, 2)})
    frozen = Frozen(model, ['head.bias'])
    model.train()
    frozen.keep_in_eval_mode()
    own = model['backbone']
    assert not own.get_submodule(first).training and own.training
    assert not own.get_submodule(first).weight.requires_grad
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    frozen.drop_from(optimizer)
    kept = {id(p) for p in optimizer.param_groups[0]['params']}
    assert id(own.get_submodule(first).weight) not in kept
    assert 'frozen: ' in frozen.sentence() and id(model['head'].weight) in kept
