"""The order of things in the TrainLoop, with a model and a validation that are only noted."""

from types import SimpleNamespace

import pytest
import torch

from mmholdout.errors import ConfigError
from mmholdout.loops import train_loop
from mmholdout.loops.train_loop import TrainLoop


class Loader:
    def __init__(self, length):
        self.length, self.sampler, self.position = length, self, (0, 0)

    def set_position(self, epoch, batch=0):
        self.position = (epoch, batch)

    def __len__(self):
        return self.length

    def __iter__(self):
        return iter([{'inputs': [0, 0]}] * (self.length - self.position[1]))


class Runner:
    def __init__(self):
        self.events = []
        self.model = torch.nn.Linear(1, 1)
        self.optim_wrapper = None
        self.val_loop = SimpleNamespace(run=self.validate)
        self.leave_at = None
        self.first_saved = None

    def validate(self):
        self.events.append(f'val@{self.loop.iter}')
        return {'val/mAP': 0.5}

    def call_hook(self, name, **kwargs):
        if name in ('before_train', 'after_train', 'before_train_epoch', 'after_train_epoch'):
            self.events.append(name)

    def start_accumulation(self, step, total):
        pass

    def set_train_mode(self):
        self.model.train()

    def save_first(self):
        self.first_saved = self.first_saved or self.loop.state_dict()

    def leave_if_asked(self):
        if self.leave_at == self.loop.iter:
            raise KeyboardInterrupt

    def steer(self, measurement):
        self.events.append(f'steer@{measurement.epoch}')
        self.measurement = measurement


@pytest.fixture
def make(monkeypatch):
    monkeypatch.setattr(train_loop, 'train_step', lambda *a, **k: {'loss': torch.tensor(2.0)})

    def build(length=3, **options):
        runner = Runner()
        runner.loop = TrainLoop(runner, Loader(length), **options)
        return runner

    return build


def validations(runner):
    runner.loop.run()
    return [int(e.split('@')[1]) for e in runner.events if e.startswith('val@')]


@pytest.mark.parametrize(
    ('options', 'at'),
    [
        (dict(max_epochs=3), [3, 6, 9]),
        (dict(max_epochs=3, interval=2), [6, 9]),  # and after the last
        (dict(max_epochs=4, interval=2), [6, 12]),
        (dict(max_epochs=3, interval=9), [9]),
        (dict(max_epochs=4, begin=3), [9, 12]),
        (dict(max_epochs=3, interval=4, by_epoch=False), [4, 8, 9]),
        (dict(max_epochs=2, interval=3, by_epoch=False), [3, 6]),
        (dict(max_iters=7), [3, 6, 7]),
        (dict(max_iters=7, interval=5, by_epoch=False), [5, 7]),
        (dict(max_iters=2), [2]),
    ],
)
def test_when_it_validates(make, options, at):
    assert validations(make(**options)) == at


def test_the_order(make):
    runner = make(max_epochs=2, interval=2)
    runner.loop.run()
    assert runner.events == [
        'before_train',
        'before_train_epoch',
        'after_train_epoch',
        'steer@1',
        'before_train_epoch',
        'after_train_epoch',
        'val@6',
        'steer@2',
        'after_train',
    ]


def test_an_epochs_mean_loss_is_measured_and_forgotten(make):
    runner = make(max_epochs=1)
    runner.loop.run()
    assert runner.measurement.metrics['train/loss'] == 2.0
    assert runner.loop.state_dict()['losses']['images'] == 0


@pytest.mark.parametrize('options', [{}, dict(interval=2), dict(interval=2, by_epoch=False)])
def test_what_is_saved_before_the_first_row_validates_again(make, options):
    runner = make(max_epochs=4, **options)
    runner.loop.run()
    resumed = make(max_epochs=4, **options)
    resumed.loop.load_state_dict(runner.first_saved)
    resumed.loop.run()
    steered = [[e for e in r.events if e.startswith(('val', 'steer'))] for r in (runner, resumed)]
    assert steered[0] == steered[1]


def test_stop_training_ends_after_the_validation(make):
    runner = make(max_epochs=9)
    runner.steer = lambda m: setattr(runner.loop, 'stop_training', m.epoch == 2)
    runner.loop.run()
    assert runner.loop.epoch == 2


def test_stop_training_within_an_epoch(make):
    runner = make(max_epochs=9, interval=2, by_epoch=False)
    runner.steer = lambda m: setattr(runner.loop, 'stop_training', True)
    runner.loop.run()
    assert (runner.loop.epoch, runner.loop.iter, runner.loop.step) == (0, 2, 2)


@pytest.mark.parametrize('leave_at', range(1, 10))
def test_left_anywhere_and_continued_validates_where_it_would_have(make, leave_at):
    options = dict(max_epochs=3, interval=4, by_epoch=False)
    first = make(**options)
    first.leave_at = leave_at
    with pytest.raises(KeyboardInterrupt):
        first.loop.run()
    second = make(**options)
    second.loop.load_state_dict(first.loop.state_dict())
    second.loop.run()
    assert [e for e in first.events + second.events if e.startswith('val@')] == [
        'val@4',
        'val@8',
        'val@9',
    ]
    assert second.loop.iter == 9


@pytest.mark.parametrize(
    'options',
    [
        {},
        dict(max_epochs=2, max_iters=3),
        dict(max_epochs=0),
        dict(max_epochs=True),
        dict(max_epochs=2, interval=0),
        dict(max_epochs=2, interval=-1),
        dict(max_epochs=2, interval=0.5),
    ],
)
def test_refused(make, options):
    with pytest.raises(ConfigError):
        make(**options)


def test_without_validation_it_only_records(make):
    runner = make(max_epochs=2)
    runner.val_loop = None
    runner.loop.run()
    assert runner.events.count('steer@1') == runner.events.count('steer@2') == 1


def test_the_beginning_of_a_longer_run(make):
    """A refit: it ends after two epochs, while hooks and schedule count on five."""
    runner = make(max_epochs=5, refit_epochs=2)
    runner.val_loop = None
    runner.loop.run()
    loop = runner.loop
    assert (loop.iter, loop.epoch, loop.limit) == (6, 2, 'refit_epochs')
    assert (loop.max_epochs, loop.max_iters, loop.end_epoch, loop.end_iter) == (5, 15, 2, 6)
    assert [e for e in runner.events if e.startswith('steer')] == ['steer@1', 'steer@2']
    runner.events.clear()
    loop.run()  # as a resume of the end does
    assert runner.events == ['before_train', 'after_train']
