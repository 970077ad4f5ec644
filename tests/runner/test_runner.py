"""The Runner's own parts: order of steering, one state, quiet set-up."""

import pytest

from mmholdout.history.measurement import Measurement
from mmholdout.hooks import Stage, SteeringHook
from mmholdout.report.console import Console
from mmholdout.runner.runner import HeldOutRunner


class Note(SteeringHook):
    def __init__(self, stage, speak=False):
        self.stage, self.speak = stage, speak

    def after_validation(self, runner, measurement):
        runner.order.append(self.stage.name)
        if self.speak:
            runner.say(f'from {self.stage.name}')


@pytest.fixture
def steered(capsys):
    def steer(hooks):
        runner = object.__new__(HeldOutRunner)
        runner._hooks, runner.order, runner.console = hooks, [], Console(live=False)
        runner.steer(Measurement(1, 10, {'val/mAP': 0.5}))
        return runner.order, capsys.readouterr().out.split('\n')

    return steer


def test_the_stated_order_whatever_the_order_of_registration(steered):
    hooks = [Note(stage) for stage in reversed(Stage)]
    assert steered(hooks)[0] == ['RECORD', 'RATE', 'BEST', 'STOP', 'SAVE', 'LINE', 'REPORT']


def test_the_line_of_the_validation_comes_before_what_follows_from_it(steered):
    hooks = [Note(Stage.RATE, True), Note(Stage.LINE, True), Note(Stage.REPORT, True)]
    assert steered(hooks)[1][:3] == ['from LINE', 'from RATE', 'from REPORT']


def test_a_scripted_metric_cuts_and_stops_at_the_right_validation(train_small, monkeypatch):
    """Through the real Runner: best at 2, cut at 5 (patience 2), stop at 6 (patience 3)."""
    import json

    from mmholdout.evaluation.voc_metric import VOCMetric

    script = {'val': iter([0.3, 0.5, 0.4, 0.5, 0.1, 0.2, 0.9, 0.9])}
    compute = VOCMetric.compute

    def scripted(self):
        values = compute(self)
        return {**values, 'mAP': next(script['val'])}

    monkeypatch.setattr(VOCMetric, 'compute', scripted)
    folder = train_small("""
    train_cfg = dict(max_epochs=8)
    evaluation = dict(interval=1, train_eval=0)
    schedule = dict(_delete_=True, type='constant')
    custom_hooks = [
        dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.5, patience=2),
        dict(type='EarlyStoppingHook', monitor='mAP', patience=3),
    ]
    """)
    rows = [json.loads(line) for line in (folder / 'history.jsonl').open()]
    rates = [row['lr'] / rows[0]['lr'] for row in rows]
    assert rates == pytest.approx([1, 1, 1, 1, 1, 0.5])
    summary = json.loads((folder / 'summary.json').read_text())
    assert summary['stop_reason'] == 'early_stop' and summary['stopped_epoch'] == 6
    assert (summary['best'], summary['best_epoch'], summary['lr_cuts']) == (0.5, 2, [5])


def test_batch_growth_makes_fewer_updates(train_small, monkeypatch):
    import torch

    steps = []
    step = torch.optim.AdamW.step

    def count(self, *args, **kwargs):
        steps.append(1)
        return step(self, *args, **kwargs)

    monkeypatch.setattr(torch.optim.AdamW, 'step', count)
    train_small("""
    train_cfg = dict(max_epochs=3)
    schedule = dict(warmup=None)
    custom_hooks = [
        dict(type='IncreaseBatchSizeOnPlateauHook', monitor='AP75', patience=0, factor=2)
    ]
    """)
    # 3 batches an epoch: 3 updates, 3 updates, then 2 (two batches, and the one that is left)
    assert len(steps) == 8


def test_nothing_of_mmengine_is_left_in_the_folder(train_small):
    folder = train_small('train_cfg = dict(max_epochs=1)')
    assert not [p for p in folder.iterdir() if p.is_dir() and p.name != 'checkpoints']
