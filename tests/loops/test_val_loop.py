"""The ValLoop in a real run: what it measures, and that it leaves nothing behind."""

import json
import signal

import pytest
import torch

from mmholdout.history.interruption import Interrupted
from mmholdout.loops.val_loop import ValLoop
from mmholdout.metrics.bootstrap_intervals import Intervals
from mmholdout.metrics.intervals import Interval
from mmholdout.metrics.voc_result import VOCResult


def rows_of(folder):
    return [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]


def test_val_and_train_eval_are_measured_alike(train_small):
    """The same images as val and as train_eval give the same numbers."""
    extra = """
    train_cfg = dict(max_epochs=1)
    evaluation = dict(interval=1, train_eval=24)
    """
    row = rows_of(train_small(extra))[0]
    val = {k.split('/', 1)[1] for k in row if k.startswith('val/')}
    slice_ = {k.split('/', 1)[1] for k in row if k.startswith('train_eval/')}
    assert {'loss', 'loss_cls', 'loss_bbox', 'mAP', 'precision', 'recall', 'F1'} <= val
    assert {'loss', 'mAP'} <= slice_


def test_without_loss_and_slice(train_small):
    extra = """
    train_cfg = dict(max_epochs=1)
    evaluation = dict(interval=1, loss=False, train_eval=0)
    """
    row = rows_of(train_small(extra))[0]
    assert 'val/mAP' in row
    assert not any(key.startswith(('val/loss', 'train_eval/')) for key in row)


def test_intervals_of_val_are_measured_where_asked_for(train_small, monkeypatch):
    asked = []

    def intervals(self, replicates):
        asked.append((self.num_images, replicates))
        return Intervals({'mAP': Interval(0.1, 0.3)}, {'recall': 'none'})

    monkeypatch.setattr(VOCResult, 'intervals', intervals)
    extra = 'train_cfg = dict(max_epochs=1)\nevaluation = dict(interval=1, bootstrap=150)'
    row = rows_of(train_small(extra))[0]
    assert (row['val/mAP_low'], row['val/mAP_high']) == (0.1, 0.3)
    assert 'val/recall_low' not in row and 'train_eval/mAP_low' not in row
    assert asked == [(10, 150)]


def test_too_few_images_are_said_once(train_small, capsys):
    rows = rows_of(train_small('train_cfg = dict(max_epochs=2)'))
    assert not any('_low' in key for row in rows for key in row)
    said = 'no interval of mAP is given: too few images (10 < 50)'
    assert capsys.readouterr().out.count(said) == 1


def test_asked_to_stop_it_leaves_before_the_next_batch(train_small, monkeypatch):
    """And not after thousands of images: nothing measured until then is of use."""
    measured = []
    after = ValLoop._after_batch

    def ask(self, index, batch, outputs):
        after(self, index, batch, outputs)
        measured.append(index)
        self.runner.stop_request.pending = signal.SIGINT

    monkeypatch.setattr(ValLoop, '_after_batch', ask)
    with pytest.raises(Interrupted):
        train_small('train_cfg = dict(max_epochs=1)\nval_dataloader = dict(batch_size=2)')
    assert measured == [0]


@pytest.fixture
def watched(train_small, monkeypatch):
    """Trains with a look at the model before, during and after each validation."""
    seen = []
    run = ValLoop.run

    def watch(self):
        model = self.runner.model
        model.backbone.stage1[0].eval()  # a frozen part, as users have them
        self.runner.model.train(True)
        model.backbone.stage1[0].eval()
        before = [m.training for m in model.modules()]
        state = {k: v.clone() for k, v in model.state_dict().items()}
        inside = []
        hook = model.bbox_head.register_forward_hook(
            lambda *_: inside.append((model.training, torch.is_grad_enabled()))
        )
        try:
            return run(self)
        finally:
            hook.remove()
            after = model.state_dict()
            seen.append(
                {
                    'flags': before == [m.training for m in model.modules()],
                    'state': all(torch.equal(state[k], after[k]) for k in state),
                    'inside': set(inside),
                    'grad': torch.is_grad_enabled(),
                }
            )

    monkeypatch.setattr(ValLoop, 'run', watch)
    return train_small, seen


EXPECTED = {'flags': True, 'state': True, 'inside': {(False, False)}, 'grad': True}


def test_eval_mode_no_gradient_own_flags_and_buffers_afterwards(watched):
    train, seen = watched
    train('train_cfg = dict(max_epochs=2)')
    assert seen == [EXPECTED, EXPECTED]


@pytest.mark.guarantee
@pytest.mark.parametrize('averaged', ['', 'ema = dict(momentum=0.2, gamma=0)'])
def test_the_same_when_a_metric_raises(watched, monkeypatch, averaged):
    from mmholdout.evaluation.voc_metric import VOCMetric

    def broken(self):
        raise ZeroDivisionError

    monkeypatch.setattr(VOCMetric, 'compute', broken)
    train, seen = watched
    with pytest.raises(ZeroDivisionError):
        train(f'train_cfg = dict(max_epochs=2)\n{averaged}')
    assert seen == [EXPECTED]


def test_losses_of_the_whole_train_split_agree_with_train_eval(train_small, tmp_path):
    """train_eval over everything is the loss of the training split, un-augmented, in eval mode."""
    whole = rows_of(
        train_small('train_cfg = dict(max_epochs=1)\nevaluation = dict(interval=1, train_eval=24)')
    )[0]
    more = rows_of(
        train_small(
            'train_cfg = dict(max_epochs=1)\nevaluation = dict(interval=1, train_eval=1000)',
            tmp_path / 'b',
        )
    )[0]
    assert whole['train_eval/loss'] == more['train_eval/loss']
