"""`verify_run` finds any byte that was changed, and names the file."""

import json
import random

import pytest

from mmholdout.cli import test as test_command
from mmholdout.cli.verify_run import main as verify_main
from mmholdout.runner.verify import verify_run

pytestmark = pytest.mark.guarantee
WRITTEN = (
    'config.py',
    'history.jsonl',
    'summary.json',
    'splits.json',
    'separation.json',
    'annotations.json',
    'val_predictions.npz',
    'curves.png',
    'train.log',
    'test.json',
    'test_config.py',
    'test_annotations.json',
    'test_predictions.npz',
    'checkpoints/last.pth',
    'checkpoints/last.prev.pth',
    'checkpoints/best_model.pth',
)


def flip(path, position):
    """Another byte at one place; gives what undoes it."""
    before = path.read_bytes()
    changed = bytearray(before)
    changed[position] ^= 1 << random.Random(position).randrange(8)
    path.write_bytes(changed)
    return lambda: path.write_bytes(before)


def somewhere(path, seed=0):
    return random.Random(f'{path.name} {seed}').randrange(path.stat().st_size)


def data_of(folder):
    return folder.parents[1] / 'data'


def check(folder):
    return verify_run(str(folder), data_root=str(data_of(folder)))


def data_files(folder):
    """One image and one annotation of each split, and the lists."""
    data = data_of(folder)
    for split in ('train', 'val', 'test'):
        listed = data / 'ImageSets' / 'Main' / f'{split}.txt'
        image_id = listed.read_text().split()[1]
        yield listed
        yield data / 'Annotations' / f'{image_id}.xml'
        yield from (data / 'JPEGImages').glob(f'{image_id}.*')


def test_an_untouched_run_passes(tested_run, capsys):
    assert verify_main([str(tested_run), '--data-root', str(data_of(tested_run))]) == 0
    out = capsys.readouterr().out
    assert '16 files are what the run wrote' in out
    assert 'val: 14 metrics computed again, equal to the last bit' in out
    assert 'test: 14 metrics computed again, equal to the last bit' in out
    assert 'rate cut after epoch' in out and 'early stop after epoch' in out
    assert 'test split used once' in out
    assert '18 checks passed, 1 not checked' in out  # losses have no predictions to follow from
    assert {p.name for p in tested_run.glob('*.*')} | {'checkpoints'} >= {
        name.split('/')[0] for name in WRITTEN
    }


def test_every_file_with_a_flipped_byte_is_named_at_once(tested_run, capsys):
    ledger = tested_run.parent / 'test_ledger.jsonl'
    for path in [*(tested_run / name for name in WRITTEN), ledger]:
        flip(path, somewhere(path))
    assert verify_main([str(tested_run)]) == 2
    err = capsys.readouterr().err
    for name in WRITTEN:
        assert f'{tested_run / name} has sha256' in err, name
    assert f'{ledger}: line' in err


def test_changed_data_are_named_at_once(tested_run, capsys):
    changed = list(data_files(tested_run))
    for path in changed:
        if path.suffix != '.txt':  # with another list, other files are looked at
            flip(path, somewhere(path))
    assert verify_main([str(tested_run), '--data-root', str(data_of(tested_run))]) == 2
    err = capsys.readouterr().err
    for path in changed:
        if path.suffix == '.xml':
            assert f'Annotations/{path.name} is not what it was' in err, path
        elif path.suffix != '.txt':
            assert f': {path.stem} is not what it was' in err, path


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize('seed', range(3))
def test_each_flipped_byte_is_found(tested_run, seed):
    """One at a time, so that no change is found by another's help."""
    beside = [tested_run / 'digests.json', tested_run.parent / 'test_ledger.jsonl']
    for path in [*(tested_run / name for name in WRITTEN), *beside, *data_files(tested_run)]:
        undo = flip(path, somewhere(path, seed))
        problems = check(tested_run).problems
        assert problems, path
        name = path.stem if path.parent.name == 'JPEGImages' else path.name
        assert any(name in problem for problem in problems), (path, problems)
        undo()
    assert not check(tested_run).problems


def test_a_deleted_file_is_named(tested_run, monkeypatch):
    from mmholdout.runner import verify

    for step in ('verify_splits', 'verify_annotations', 'verify_steering', 'verify_val_metrics'):
        monkeypatch.setattr(verify, step, lambda subject: None)  # they take long
    for name in (*WRITTEN, 'digests.json', '../test_ledger.jsonl'):
        path = tested_run / name
        away = path.rename(tested_run.parent / 'away')
        last = name.split('/')[-1]
        assert any(last in problem for problem in check(tested_run).problems), name
        away.rename(path)


@pytest.mark.parametrize(
    ('name', 'key'), [('history.jsonl', 'val/mAP'), ('test.json', 'test/precision')]
)
def test_a_forged_metric_is_found_without_its_digest(tested_run, name, key):
    """Whoever changes a number and all digests still has the predictions against them."""
    from mmholdout.history.run_digests import record_run

    path = tested_run / name
    rows = [json.loads(line) for line in path.read_text().splitlines()] if '.jsonl' in name else []
    if rows:
        best = json.loads((tested_run / 'summary.json').read_text())['best_epoch'] - 1
        rows[best][key] += 1e-9
        path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    else:
        stored = json.loads(path.read_text())
        stored[key] += 1e-9
        path.write_text(json.dumps(stored))
    record_run(tested_run)
    problems = check(tested_run).problems
    assert any(key in problem and 'computed from' in problem for problem in problems), problems


def test_a_second_use_is_told_by_every_report(tested_run, capsys):
    from mmholdout.cli.report import main as report_main

    best = str(tested_run / 'checkpoints' / 'best_model.pth')
    arguments = [str(tested_run / 'test_config.py'), best, '--device', 'cpu']
    assert test_command.main(arguments) == 2
    assert test_command.main([*arguments, '--again', 'a reviewer asked']) == 0
    assert 'test split used 2 times' in capsys.readouterr().out
    assert report_main([str(tested_run)]) == 0
    assert 'test split used 2 times' in capsys.readouterr().out
    assert verify_main([str(tested_run)]) == 0  # the report has drawn the curves anew
    out = capsys.readouterr().out
    assert 'test split used 2 times' in out and '18 checks passed' in out


def test_a_run_that_goes_on_has_no_record_until_it_ends(train_small, monkeypatch):
    """Its files change meanwhile: where it dies, none of them may seem tampered with."""
    from mmholdout.loops.train_loop import TrainLoop

    def dies(*_):
        raise ZeroDivisionError

    folder = train_small('train_cfg = dict(max_epochs=1)')
    longer = 'train_cfg = dict(max_epochs=2)'
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(TrainLoop, '_run_iter', dies)
        train_small(longer, resume='last')
    assert not (folder / 'digests.json').exists()
    assert not verify_run(str(folder)).problems
    train_small(longer, resume='last')
    found = verify_run(str(folder))
    assert not found.problems
    assert any('files are what the run wrote' in line for line in found.passed)
    assert any('14 metrics computed again' in line for line in found.passed)
