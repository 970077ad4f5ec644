"""Averaging, mixed precision, accumulation, clipping and frozen parts, in whole runs."""

import json

import pytest
import torch

from mmholdout.errors import CheckpointError, ConfigError
from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.loops.amp_optim_wrapper import AmpOptimWrapper
from mmholdout.loops.loss_scaler import LossScaler
from mmholdout.loops.val_loop import ValLoop
from mmholdout.runner.predict import predict
from mmholdout.runner.test import test as run_test
from mmholdout.runner.train import train

EMA = """
train_cfg = dict(max_epochs=2)
evaluation = dict(interval=1, train_eval=4)
custom_hooks = []
ema = dict(momentum=0.2, gamma=3)
optim_wrapper = dict(accumulative_counts=2, clip_grad=dict(max_norm=1.0))
freeze = ['backbone.stage1']
"""
SHORT = """
train_cfg = dict(max_epochs=1)
custom_hooks = []
evaluation = dict(interval=1, train_eval=0)
"""


def saved(folder, name='last.pth'):
    return torch.load(folder / 'checkpoints' / name, weights_only=True)


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def rows_of(folder):
    lines = (folder / 'history.jsonl').read_text().splitlines()
    return [{k: v for k, v in json.loads(line).items() if 'seconds' not in k} for line in lines]


def cloned(model):
    return {k: v.clone() for k, v in model.state_dict().items()}


@pytest.fixture
def measured(monkeypatch):
    """What each measurement saw: the weights, and the number format of the features."""
    seen = []
    from mmholdout.registry import MODELS

    stage = MODELS.get('PlainConvNet')
    forward = stage.forward

    def watch(self, images):
        features = forward(self, images)
        if not self.training and not torch.is_grad_enabled():
            bias = self.stage2[0].bn.bias.detach().clone()
            seen.append((features[0].dtype, bias))
        return features

    monkeypatch.setattr(stage, 'forward', watch)
    return seen


def test_everything_together(train_small, small_config, small_sample, tmp_path, measured, capsys):
    folder = train_small(EMA, amp=True)
    out = capsys.readouterr().out
    assert 'frozen: 116 of ' in out and '(backbone.stage1)' in out
    last, best = saved(folder), saved(folder, 'best_model.pth')
    averaged, trained = last['state_dict'], last['train_state_dict']
    assert 'train_state_dict' not in best and last['meta']['precision'] == 'bfloat16'
    assert last['run_state']['hook.EMAHook'] == {'updates': 4}  # two windows an epoch

    frozen = [k for k in trained if k.startswith('backbone.stage1.')]
    assert frozen and all(torch.equal(averaged[k], trained[k]) for k in frozen)
    assert not any('stage1' in name for name in last['optimizer']['parameters'])
    key = 'backbone.stage2.0.bn.bias'
    assert not torch.equal(averaged[key], trained[key])
    rows = rows_of(folder)
    for row in rows:
        assert 0 < row['val/loss'] < 100 and {'val/mAP', 'val/F1', 'train_eval/mAP'} <= row.keys()

    # Validated in training's precision, on the average.
    assert {dtype for dtype, _ in measured} == {torch.bfloat16}
    assert torch.equal(measured[-1][1], averaged[key])

    # So do test and predict, from the best or the last checkpoint.
    measured.clear()
    config, image = str(small_config(EMA)), next((small_sample / 'JPEGImages').iterdir())
    run_test(config, str(folder / 'checkpoints/last.pth'), device='cpu')
    predict(str(folder / 'checkpoints/last.pth'), [str(image)], out_dir=str(tmp_path / 'out'))
    assert {dtype for dtype, _ in measured} == {torch.bfloat16}
    assert all(torch.equal(bias, averaged[key]) for _, bias in measured)

    from mmengine.runner import load_checkpoint

    from mmholdout.registry import MODELS

    words = {**best['meta']['words']['model'], 'type': 'mmdet.SingleStageDetector'}
    stock = MODELS.build(words)
    load_checkpoint(stock, str(folder / 'checkpoints/best_model.pth'), strict=True)
    assert same(cloned(stock), best['state_dict'])


@pytest.fixture
def stop(monkeypatch):
    """A request to stop that comes in a place: ('train', step) or ('val', batch)."""
    request, init = [], StopRequest.__init__

    def remember(self):
        init(self)
        request[:] = [self]

    def at(place, number):
        from mmholdout.loops import train_loop

        count = [0]

        def counting(function):
            def call(*args, **kwargs):
                count[0] += 1
                if count[0] == number:
                    request[0].pending = 2
                return function(*args, **kwargs)

            return call

        if place == 'train':
            monkeypatch.setattr(train_loop, 'train_step', counting(train_loop.train_step))
        else:
            monkeypatch.setattr(ValLoop, '_before_batch', counting(ValLoop._before_batch))

    monkeypatch.setattr(StopRequest, '__init__', remember)
    return at


@pytest.fixture
def scaled(monkeypatch):
    """Loss scaling in every mixed run, although a CPU has no float16 that would need it."""
    init = AmpOptimWrapper.__init__

    def with_scaler(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.scaler = LossScaler('cpu', init_scale=64.0, growth_interval=3)

    monkeypatch.setattr(AmpOptimWrapper, '__init__', with_scaler)


@pytest.mark.parametrize(('place', 'number', 'amp'), [('train', 1, True), ('val', 2, False)])
def test_interrupted_and_resumed_is_as_if_uninterrupted(
    train_small, tmp_path, stop, scaled, place, number, amp
):
    """In mid-window (it is finished first), and inside the first validation."""
    whole = train_small(EMA, tmp_path / 'whole', amp=amp)
    stop(place, number)
    with pytest.raises(Interrupted) as interrupted:
        train_small(EMA, tmp_path / 'part', amp=amp)
    assert ('--amp' in str(interrupted.value)) is amp
    part = train_small(EMA, tmp_path / 'part', resume='last', amp=amp)
    scales = [saved(folder)['run_state'].get('loss_scale') for folder in (part, whole)]
    assert scales[0] == scales[1] and (scales[0] == {'scale': 128.0, 'growth_tracker': 1}) is amp
    for name in ('last.pth', 'best_model.pth'):
        assert same(saved(part, name)['state_dict'], saved(whole, name)['state_dict'])
    assert same(saved(part)['train_state_dict'], saved(whole)['train_state_dict'])
    assert rows_of(part) == rows_of(whole)


def test_a_validation_that_raises_leaves_the_trained_weights(train_small, monkeypatch):
    from mmholdout.evaluation.voc_metric import VOCMetric

    seen, model_of, run = [], [], ValLoop.run

    def watch(self):
        model = self.runner.model
        model_of[:] = [model]
        before = cloned(model)
        try:
            return run(self)
        finally:
            seen.append((before, cloned(model)))

    def broken(self):
        seen.append(cloned(model_of[0]))
        raise KeyboardInterrupt

    monkeypatch.setattr(ValLoop, 'run', watch)
    monkeypatch.setattr(VOCMetric, 'compute', broken)
    with pytest.raises(KeyboardInterrupt):
        train_small(EMA)
    inside, (before, after) = seen
    assert same(before, after) and not same(before, inside)


def test_mixed_precision_gives_about_the_same(train_small, tmp_path):
    amp = SHORT + "optim_wrapper = dict(type='AmpOptimWrapper')\n"
    (plain,) = rows_of(train_small(SHORT, tmp_path / 'a'))
    (mixed,) = rows_of(train_small(amp, tmp_path / 'b'))
    assert plain.keys() == mixed.keys()
    for key in ('train/loss', 'val/loss', 'val/loss_cls', 'val/loss_bbox'):
        assert mixed[key] == pytest.approx(plain[key], rel=0.03) and mixed[key] != plain[key]


def test_float16_on_a_cpu_is_one_message_and_nothing_is_written(small_config, tmp_path):
    config = small_config("optim_wrapper = dict(type='AmpOptimWrapper', dtype='float16')")
    with pytest.raises(ConfigError, match='bfloat16'):
        train(str(config), work_dir=str(tmp_path / 'run'), device='cpu')
    assert not (tmp_path / 'run').exists()


def test_the_plan_says_it(small_config, tmp_path, capsys):
    train(
        str(small_config(EMA)), work_dir=str(tmp_path / 'run'), device='cpu', amp=True, dry_run=True
    )
    out = capsys.readouterr().out
    for phrase in ('mixed precision (bfloat16)', '2 batches', 'norm 1', 'EMA', 'backbone.stage1'):
        assert phrase in out


def test_a_resume_needs_no_pretrained_file(train_small, tmp_path):
    first = train_small(SHORT, tmp_path / 'first')
    weights = tmp_path / 'pretrained.pth'
    (first / 'checkpoints/best_model.pth').rename(weights)
    pretrained = f"""
freeze = ['backbone']
model = dict(
    backbone=dict(channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1), init_cfg=dict(
        type='Pretrained', checkpoint={str(weights)!r}, prefix='backbone.')),
    bbox_head=dict(in_channels=(16, 16, 16), anchor_generator=dict(input_size=64)))
"""
    run = train_small(SHORT + pretrained, tmp_path / 'run')
    given, used = saved(first)['state_dict'], saved(run)['state_dict']
    parts = [k for k in given if k.startswith('backbone.')]
    assert all(torch.equal(given[k], used[k]) for k in parts)
    weights.unlink()
    longer = SHORT.replace('max_epochs=1', 'max_epochs=2') + pretrained
    train_small(longer, run, resume='last')
    assert [row['epoch'] for row in rows_of(run)] == [1, 2]
    with pytest.raises(CheckpointError, match=r'pretrained\.pth'):
        train_small(longer, tmp_path / 'new')
    assert not (tmp_path / 'new').exists()
