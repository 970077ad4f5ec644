import io
from types import SimpleNamespace

from mmholdout.history.measurement import Measurement
from mmholdout.hooks import ConsoleHook
from mmholdout.report.console import Console


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run_with(stream):
    console = Console(stream=stream)
    return SimpleNamespace(
        console=console,
        say=console.say,
        validations_left=2.0,
        learning_rate=1e-3,
        best=SimpleNamespace(best=0.75, epoch=10),
        best_key='val/mAP',
        iou_thr=0.5,
        interval=1,
        validates=True,
        train_loop=SimpleNamespace(
            epoch=9, iter=95, end_iter=120, end_epoch=12, iters_per_epoch=10
        ),
    )


def test_plain_lines_every_interval():
    stream = io.StringIO()
    run, hook = run_with(stream), ConsoleHook(interval=5)
    hook.before_train_epoch(run)
    for index in range(10):
        hook.after_train_iter(run, index, outputs={'loss': 2.0})
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith('epoch 10/12  iteration 5/10  loss 2.000  eta ')


def test_a_terminal_gets_a_bar():
    stream = Terminal()
    run, hook = run_with(stream), ConsoleHook(interval=1000)
    hook.before_train_epoch(run)
    hook.after_train_iter(run, 0, outputs={'loss': 2.0})
    hook.after_train(run)
    assert 'epoch 10/12' in stream.getvalue() and '1/10' in stream.getvalue()


MEASURED = {
    'val/mAP': 0.75,
    'val/precision': 0.82,
    'val/recall': 0.7,
    'val/loss': 2.31,
    'train_eval/loss': 1.98,
}


def test_the_line_of_a_validation_and_its_cost_once():
    stream = io.StringIO()
    run, hook = run_with(stream), ConsoleHook()
    for epoch in (10, 11, 12):
        hook.after_validation(run, Measurement(epoch, 100, MEASURED, 30.0, 10.0))
    lines = stream.getvalue().splitlines()
    assert lines[0] == (
        'Epoch 10: mAP@0.5 = 0.75, Precision = 0.82, Recall = 0.70, val loss = 2.31 (train 1.98), '
        'lr = 1.0e-03, best 0.75 @ 10'
    )
    kinds = [line.split()[0] for line in lines]
    assert kinds == ['Epoch', 'Epoch', 'validation', 'Epoch']
    assert lines[2].startswith('validation 25 % of the time')


def test_epochs_without_validation_have_a_line_only_where_there_is_never_one():
    stream = io.StringIO()
    run, hook = run_with(stream), ConsoleHook()
    measured = Measurement(3, 30, {'train/loss': 2.5}, 30.0)
    hook.after_plain_epoch(run, measured)
    assert stream.getvalue() == ''
    run.validates = False
    hook.after_plain_epoch(run, measured)
    assert stream.getvalue() == 'Epoch 3: train loss = 2.50, lr = 1.0e-03\n'
