import json

import pytest
import torch

from mmholdout.errors import CheckpointError, ConfigError, LedgerError
from mmholdout.runner.test import test as run_test


@pytest.fixture
def trained(train_small, small_config):
    folder = train_small('train_cfg = dict(max_epochs=1)')
    return str(small_config()), str(folder / 'checkpoints/best_model.pth'), folder


def ledger_of(folder):
    return [json.loads(line) for line in (folder.parent / 'test_ledger.jsonl').open()]


def test_once_then_only_with_a_reason(trained, capsys):
    config, checkpoint, folder = trained
    first = run_test(config, checkpoint, device='cpu')
    out = capsys.readouterr().out
    assert 'chosen by val/mAP' in out and 'test split used once' in out
    assert {'test/mAP', 'test/precision', 'test/recall'} <= set(first)
    assert [line['event'] for line in ledger_of(folder)] == ['opened', 'result']
    with pytest.raises(LedgerError, match='--again'):
        run_test(config, checkpoint, device='cpu')
    assert len(ledger_of(folder)) == 2
    second = run_test(config, checkpoint, again='a reviewer asked', device='cpu')
    assert second == first
    assert 'used 2 times' in capsys.readouterr().out
    assert ledger_of(folder)[2]['reason'] == 'a reviewer asked'


def test_precision_is_at_the_threshold_that_validation_chose(trained):
    config, checkpoint, _ = trained
    chosen = torch.load(checkpoint, weights_only=True)['meta']['chosen']['val/score_thr']
    assert run_test(config, checkpoint, device='cpu')['test/score_thr'] == chosen


def test_a_run_that_dies_has_been_counted(trained, monkeypatch):
    from mmholdout.loops import test_loop

    def dies(*args, **kwargs):
        raise ZeroDivisionError

    config, checkpoint, folder = trained
    with monkeypatch.context() as patch:
        patch.setattr(test_loop, 'measure', dies)
        with pytest.raises(ZeroDivisionError):
            run_test(config, checkpoint, device='cpu')
    assert [line['event'] for line in ledger_of(folder)] == ['opened']
    with pytest.raises(LedgerError):
        run_test(config, checkpoint, device='cpu')


def test_another_model_is_refused_before_the_ledger_is_opened(trained, small_config):
    _, checkpoint, folder = trained
    other = small_config('model = dict(backbone=dict(channels=(4, 8, 16, 8, 16)))\n')
    with pytest.raises((CheckpointError, RuntimeError)):
        run_test(str(other), checkpoint, device='cpu')
    assert not (folder.parent / 'test_ledger.jsonl').exists()


def test_a_missing_checkpoint(small_config, tmp_path):
    with pytest.raises(CheckpointError, match='there is no checkpoint'):
        run_test(str(small_config()), str(tmp_path / 'no.pth'), device='cpu')


def test_a_config_without_a_test_split(trained, small_config):
    config = small_config('test_dataloader = None\n', name='no_test.py')
    with pytest.raises(ConfigError, match='test'):
        run_test(str(config), trained[1], device='cpu')
