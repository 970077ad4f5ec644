"""Train, refit, test: the model of train and val, measured once at what validation chose."""

import json

import pytest
import torch

from mmholdout.cli import test as test_command
from mmholdout.cli.predict import main as predict_main
from mmholdout.cli.refit import main as refit_main
from mmholdout.cli.report import main as report_main
from mmholdout.cli.verify_run import main as verify_main

pytestmark = pytest.mark.guarantee

STEERED = """
ema = dict(momentum=0.2, gamma=3)
train_cfg = dict(max_epochs=4)
evaluation = dict(interval=1, train_eval=0, save_best='loss')
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', patience=0, min_delta=0.9, factor=0.5),
]
"""


def test_train_refit_test(train_small, small_sample, tmp_path, capsys):
    run = train_small(STEERED)
    refit = run.with_name('small_refit')
    capsys.readouterr()
    before = {path: path.read_bytes() for path in run.rglob('*') if path.is_file()}
    assert refit_main([str(run), '--device', 'cpu']) == 0
    out = capsys.readouterr().out
    assert 'splits: train 34, test 8 images compared: none is shared' in out
    epochs = json.loads((run / 'summary.json').read_text())['best_epoch']
    assert f'train and val together, {epochs} epochs, which validation chose' in out
    assert f'\nEpoch {epochs}: train loss = ' in out and 'mAP@' not in out
    assert f'test.py {refit}/config.py {refit}/checkpoints/refit_model.pth' in out
    assert before == {path: path.read_bytes() for path in before}  # the run stays as it is

    model = refit / 'checkpoints/refit_model.pth'
    assert test_command.main([str(refit / 'config.py'), str(model), '--device', 'cpu']) == 0
    out = capsys.readouterr().out
    chosen = torch.load(run / 'checkpoints/best_model.pth', weights_only=True)['meta']['chosen']
    assert f'and so was the score threshold {chosen["val/score_thr"]:.3f}' in out
    assert 'of another model' in out and 'test split used once' in out
    assert 'test/mAP' in json.loads((refit / 'test.json').read_text())

    # The run itself would be a second use of the same split: one ledger for both
    best = run / 'checkpoints/best_model.pth'
    assert test_command.main([str(run / 'config.py'), str(best), '--device', 'cpu']) == 2
    assert '--again' in capsys.readouterr().err

    assert verify_main([str(refit)]) == 0
    out = capsys.readouterr().out
    assert 'test: 14 metrics computed again, equal to the last bit' in out
    assert 'which val chose' in out and 'nothing was validated' in out
    assert report_main([str(refit)]) == 0
    out = capsys.readouterr().out
    assert out.startswith('Epoch 1: train loss = ') and f'refit of {run}' in out
    assert f'stopped: refit_epochs after epoch {epochs}' in out and 'test mAP = ' in out
    assert verify_main([str(refit)]) == 0  # the report has drawn the curves anew
    capsys.readouterr()

    picture = next((small_sample / 'JPEGImages').glob('test_*'))
    assert predict_main([str(model), str(picture), '--out-dir', str(tmp_path / 'drawn')]) == 0
    assert 'chosen by validation of the run that this is a refit of' in capsys.readouterr().out

    assert refit_main([str(refit)]) == 2
    assert 'is a refit itself' in capsys.readouterr().err
    assert refit_main([str(run), '--device', 'cpu']) == 2
    assert 'already holds a run' in capsys.readouterr().err
