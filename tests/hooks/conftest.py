"""A run without a model: metrics come from a list, hooks are called as the runner calls them."""

from types import SimpleNamespace

import numpy as np
import pytest

from mmholdout.history.jsonl import History
from mmholdout.history.measurement import Measurement
from mmholdout.hooks import SteeringHook
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.voc import evaluate_voc
from mmholdout.runner.run_folder import RunFolder

DECLARED = {'val/loss': 'min', 'val/mAP': 'max', 'val/score_thr': None}


class ScriptedRun:
    """Feeds a list of values to hooks, one validation an epoch, until a hook stops it."""

    def __init__(self, folder, hooks, *, warmup_iters=0, iters_per_epoch=10, interval=1):
        self.hooks = hooks
        self.folder = RunFolder(folder)
        self.history = History(self.folder.history)
        self.declared_metrics = DECLARED
        self.warmup_iters = warmup_iters
        self.iters_per_epoch = iters_per_epoch
        self.interval = interval
        self.train_loop = SimpleNamespace(
            epoch=0,
            iter=0,
            stop_training=False,
            limit='max_epochs',
            max_iters=1000,
            iters_per_epoch=iters_per_epoch,
            max_epochs=100,
        )
        self.said, self.saved, self.best_saved, self.calls = [], [], [], []
        self.stop_reason = None
        self.learning_rate = 0.1
        self.optim_wrapper = SimpleNamespace(param_groups=[{'lr': 0.1}, {'lr': 0.01}])

    epoch = property(lambda self: self.train_loop.epoch)
    iter = property(lambda self: self.train_loop.iter)

    def say(self, text):
        self.said.append(text)

    def stop(self, sentence, reason):
        self.train_loop.stop_training, self.stop_reason = True, reason
        self.said.append(sentence)

    def epochs_of(self, count):
        return count * self.interval

    def save_last(self, numbered=None, keep=0):
        self.saved.append((self.epoch, numbered, keep))

    def save_best(self, measurement, key):
        self.best_saved.append((measurement.epoch, measurement.metrics[key]))

    def call(self, name, *args, **kwargs):
        for hook in self.hooks:
            if hasattr(hook, name):
                getattr(hook, name)(self, *args, **kwargs)

    def run(self, values, key='val/mAP'):
        """Gives the epoch after which the run ended."""
        self.call('before_train')
        for value in values:
            if self.train_loop.stop_training:
                break
            self.train_loop.epoch += self.interval
            self.train_loop.iter += self.iters_per_epoch * self.interval
            measurement = Measurement(self.epoch, self.iter, {key: value, 'train/loss': 1.0})
            for hook in sorted(
                (h for h in self.hooks if isinstance(h, SteeringHook)), key=lambda h: h.stage
            ):
                hook.after_validation(self, measurement)
        return self.epoch


@pytest.fixture
def scripted(tmp_path):
    def make(*hooks, **options):
        return ScriptedRun(tmp_path, list(hooks), **options)

    return make


@pytest.fixture(scope='session')
def voc_results():
    """Of 60 images: boxes that fit well, that fit hardly, and hardly again by other chance."""
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 50, (60, 3, 2)).astype(np.float32)
    boxes = np.concatenate([corner, corner + 30], axis=2)
    labels = rng.integers(0, 2, (60, 3))
    truth = [GroundTruth(b, k, np.zeros(3, bool)) for b, k in zip(boxes, labels)]
    results = []
    for noise in (3, 7, 7):
        moved = boxes + rng.normal(0, noise, boxes.shape)
        scores = rng.random((60, 3))
        found = [Detections(b, s, k) for b, s, k in zip(moved, scores, labels)]
        results.append(evaluate_voc(found, truth, ['cat', 'dog']))
    return results
