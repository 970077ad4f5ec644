import json

import cv2
import pytest
import torch

from mmholdout.datasets.image_header import read_header
from mmholdout.errors import CheckpointError, ConfigError, DataError, LedgerError
from mmholdout.runner.test import test as run_test


@pytest.fixture
def trained(tested_run):
    """As it was before its test."""
    for path in [*tested_run.glob('test*'), tested_run.parent / 'test_ledger.jsonl']:
        path.unlink()
    best = tested_run / 'checkpoints' / 'best_model.pth'
    return str(tested_run / 'config.py'), str(best), tested_run


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


@pytest.mark.guarantee
def test_a_run_that_dies_has_been_counted(trained, monkeypatch, capsys):
    from mmholdout.loops import test_loop

    def dies(*args, **kwargs):
        raise ZeroDivisionError

    config, checkpoint, folder = trained
    with monkeypatch.context() as patch:
        patch.setattr(test_loop, 'measure', dies)
        with pytest.raises(ZeroDivisionError):
            run_test(config, checkpoint, device='cpu')
    assert [line['event'] for line in ledger_of(folder)] == ['opened']
    assert 'It counts all the same: use 1' in capsys.readouterr().out
    with pytest.raises(LedgerError, match='died before its result'):
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


def test_the_ledger_names_config_checkpoint_split_labels_and_predictions(trained):
    from mmholdout.config.load import load
    from mmholdout.config.translate import translate
    from mmholdout.history.run_digests import sha256_of
    from mmholdout.runner.resolved_config import config_digest

    config, checkpoint, folder = trained
    run_test(config, checkpoint, device='cpu')
    opened, result = ledger_of(folder)
    stored = json.loads((folder / 'test.json').read_text())
    separation = json.loads((folder / 'separation.json').read_text())
    assert opened['config'] == config_digest(translate(load(config).cfg))
    assert opened['checkpoint'] == sha256_of(checkpoint) == stored['checkpoint_sha256']
    assert opened['split'] == separation['digests']['test'] == stored['split']
    assert opened['annotations'] == stored['annotations']
    assert result['predictions'] == sha256_of(folder / 'test_predictions.npz')


@pytest.mark.guarantee
def test_an_image_that_cannot_be_decoded_is_found_before_the_split_is_used(tested_run):
    data = tested_run.parents[1] / 'data'
    ledger = tested_run.parent / 'test_ledger.jsonl'
    ledger.unlink()
    image_id = (data / 'ImageSets' / 'Main' / 'test.txt').read_text().split()[3]
    image = next((data / 'JPEGImages').glob(f'{image_id}.*'))
    content = bytearray(cv2.imencode('.png', cv2.imread(str(image)))[1].tobytes())
    middle = len(content) // 2
    content[middle - 500 : middle] = bytes(500)  # header and end are as they were
    image.write_bytes(content)
    read_header(image)
    with pytest.raises(DataError, match=image.name):
        run_test(
            str(tested_run / 'test_config.py'),
            str(tested_run / 'checkpoints' / 'best_model.pth'),
            options=[f'data_root={data}'],
            device='cpu',
        )
    assert not ledger.exists()


def test_a_second_use_is_refused_before_anything_is_decoded(tested_run, monkeypatch):
    from mmholdout.runner import test as module

    monkeypatch.setattr(module, 'try_out', lambda *_: pytest.fail('too late'))
    with pytest.raises(LedgerError, match='--again'):
        run_test(
            str(tested_run / 'test_config.py'),
            str(tested_run / 'checkpoints' / 'best_model.pth'),
            device='cpu',
        )


def test_a_checkpoint_that_is_replaced_while_it_is_read(tested_run, monkeypatch):
    from mmholdout.runner import test as module

    read = module.read_checkpoint

    def replaced(path):
        content = read(path)
        path.write_bytes(path.read_bytes() + b'x')
        return content

    monkeypatch.setattr(module, 'read_checkpoint', replaced)
    with pytest.raises(CheckpointError, match='was replaced while it was read'):
        run_test(
            str(tested_run / 'test_config.py'),
            str(tested_run / 'checkpoints' / 'best_model.pth'),
            again='a reason',
            device='cpu',
        )
    assert len(ledger_of(tested_run)) == 2
