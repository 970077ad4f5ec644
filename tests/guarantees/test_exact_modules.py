"""Modules with a memory of their own, whole runs: resumed as uninterrupted, or refused by name."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from mmengine.logging import MessageHub
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.loops import train_loop
from mmholdout.registry import MODELS, TRANSFORMS

pytestmark = pytest.mark.guarantee
PER_EPOCH = 3  # iterations: 24 images in batches of 8


class Neck(nn.Module):
    """A convolution a level."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(16, 16, 1) for _ in range(3))

    def forward(self, inputs):
        return tuple(conv(one) for conv, one in zip(self.convs, inputs))


class RememberingNeck(Neck):
    """In training it counts, and averages what it sees; both change what it gives."""

    def __init__(self):
        super().__init__()
        self.count, self.means = 0, []
        self.generator = torch.Generator().manual_seed(0)

    def forward(self, inputs):
        outs = super().forward(inputs)
        if not self.training:
            return outs
        self.count += 1
        self.means.append(float(outs[0].detach().mean()))
        noise = torch.rand(1, generator=self.generator)
        return tuple(out * (1 + 0.01 * self.count + sum(self.means) + noise) for out in outs)


class EpochAwareNeck(Neck):
    """It asks for the epoch, as TOOD does, in validation too."""

    def forward(self, inputs):
        epoch = MessageHub.get_current_instance().get_info('epoch')
        return tuple(out * (1 + 0.1 * epoch) for out in super().forward(inputs))


class ForgetfulNeck(Neck):
    """In training it exchanges an object that no checkpoint can hold."""

    def forward(self, inputs):
        self.scale = lambda: 1.0
        return super().forward(inputs)


class OwnNoise:
    """A transform with a generator that nobody seeds."""

    def __init__(self):
        self.generator = np.random.default_rng(0)

    def __call__(self, results):
        noise = self.generator.integers(0, 9, results['img'].shape, dtype=np.uint8)
        return {**results, 'img': results['img'] // 2 + noise}


@pytest.fixture(autouse=True)
def registered():
    necks = (RememberingNeck, EpochAwareNeck, ForgetfulNeck)
    for registry, kinds in ((MODELS, necks), (TRANSFORMS, (OwnNoise,))):
        for kind in kinds:
            registry.register_module(module=kind, force=True)
    yield
    for registry, kinds in ((MODELS, necks), (TRANSFORMS, (OwnNoise,))):
        for kind in kinds:
            registry.module_dict.pop(kind.__name__)


def neck(kind):
    return f"""
    model['neck'] = dict(type='{kind}')
    train_cfg = dict(max_epochs=2)
    """


NOISE = """
noisy = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(64, 64), keep_ratio=False),
    dict(type='OwnNoise'),
    dict(type='PackDetInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=noisy))
train_cfg = dict(max_epochs=1)
"""


@pytest.fixture
def interrupted_after(monkeypatch):
    """A request to stop that comes with a training step."""

    def arrange(iterations):
        patch, request, count = pytest.MonkeyPatch(), [], [0]
        step, init = train_loop.train_step, StopRequest.__init__

        def counted(*args, **kwargs):
            count[0] += 1
            if count[0] == iterations:
                request[0].pending = 15
            return step(*args, **kwargs)

        def remembered(self):
            init(self)
            request[:] = [self]

        patch.setattr(StopRequest, '__init__', remembered)
        patch.setattr(train_loop, 'train_step', counted)
        return patch

    return arrange


def end_of(folder):
    content = torch.load(folder / 'checkpoints' / 'last.pth', weights_only=True)
    rows = [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]
    return content, [{k: v for k, v in row.items() if 'seconds' not in k} for row in rows]


@pytest.mark.parametrize(
    ('kind', 'iterations'), [('RememberingNeck', PER_EPOCH + 1), ('EpochAwareNeck', PER_EPOCH)]
)
def test_resumed_it_is_as_uninterrupted(train_small, tmp_path, interrupted_after, kind, iterations):
    """In mid-epoch; and between an epoch and its validation, which must see that epoch."""
    text = neck(kind)
    whole = train_small(text, tmp_path / 'whole')
    patch = interrupted_after(iterations)
    try:
        with pytest.raises(Interrupted):
            train_small(text, tmp_path / 'part')
    finally:
        patch.undo()
    part = train_small(text, tmp_path / 'part', resume='last')
    (content, rows), (resumed, resumed_rows) = end_of(whole), end_of(part)
    assert rows == resumed_rows
    weights = content['state_dict']
    assert all(torch.equal(weights[k], resumed['state_dict'][k]) for k in weights)
    if kind == 'RememberingNeck':
        saved = dict(content['module_values']['values']['neck'])
        assert saved['count'] == 2 * PER_EPOCH and len(saved['means']['of']) == 2 * PER_EPOCH


def test_an_object_that_cannot_be_saved_is_refused_by_name(train_small, tmp_path):
    with pytest.raises(ConfigError, match=r'neck\.scale of the model was exchanged'):
        train_small(neck('ForgetfulNeck'), tmp_path / 'run')


def test_if_allowed_it_is_said_aloud(train_small, tmp_path, capsys):
    train_small(neck('ForgetfulNeck') + '\n    exact_resume = False\n', tmp_path / 'run')
    assert 'exact_resume = False: neck.scale of the model was exchanged' in capsys.readouterr().out


def test_a_transform_with_its_own_generator_is_refused_before_anything_is_written(
    train_small, tmp_path
):
    with pytest.raises(ConfigError, match='OwnNoise keeps what it has read, or draws from a'):
        train_small(NOISE, tmp_path / 'run')
    assert not (tmp_path / 'run').exists()


def test_if_allowed_the_transform_is_said_aloud(train_small, tmp_path, capsys):
    train_small(NOISE + 'exact_resume = False\n', tmp_path / 'run')
    assert 'OwnNoise keeps what it has read' in capsys.readouterr().out


def test_mmdets_cached_mosaic_is_refused_with_what_to_write(train_small, tmp_path):
    text = NOISE.replace("'OwnNoise'", "'mmdet.CachedMosaic', img_scale=(32, 32)")
    with pytest.raises(ConfigError, match=r"CachedMosaic mixes in .*Write 'CachedMosaic'"):
        train_small(text, tmp_path / 'run')
    assert not (tmp_path / 'run').exists()
