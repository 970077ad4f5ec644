import json
from pathlib import Path

import pytest

from mmholdout.runner.test_record import NAMES
from mmholdout.runner.verify_test import verify_test
from mmholdout.splits.test_uses import ledger_of


def edit(subject, **changes):
    path = subject.folder / 'test.json'
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_untouched(subject):
    verify_test(subject)
    assert not subject.found.problems and not subject.found.not_checked
    text = '\n'.join(subject.found.passed)
    for said in ('2 lines', 'test split used once', 'which val chose', 'test: 14 metrics'):
        assert said in text


def test_not_tested(subject):
    for name in NAMES:
        (subject.folder / name).unlink()
    ledger_of(subject.folder).path.unlink()
    verify_test(subject)
    assert subject.found.text().splitlines()[0] == 'the run has not been tested'
    assert not subject.found.problems


@pytest.mark.parametrize(
    'changes',
    [
        {'split': 'a' * 64},
        {'use': 2},
        {'reason': 'none'},
        {'checkpoint_sha256': 'a' * 64},
        {'test/mAP': 0.9},
        {'test/invented': 0.9},
        {'opened': 'a' * 64},
    ],
)
def test_a_result_that_is_not_the_ledgers(subject, changes):
    edit(subject, **changes)
    verify_test(subject)
    assert any('the ledger' in one and 'test.json' in one for one in subject.found.problems)


@pytest.mark.parametrize('name', ['test_config.py', 'test_annotations.json'])
def test_what_test_json_stands_beside(subject, name):
    path = subject.folder / name
    path.write_text(path.read_text().replace('test', 'val'))
    verify_test(subject)
    assert subject.found.problems or any('config' in one for one in subject.found.not_checked)


@pytest.mark.guarantee
def test_a_ledger_that_is_gone(subject):
    ledger_of(subject.folder).path.unlink()
    verify_test(subject)
    assert 'test_ledger.jsonl is missing, but' in subject.found.problems[0]


@pytest.mark.guarantee
def test_a_ledger_whose_last_line_was_cut_off(subject):
    """The chain alone does not show it; the result in the run folder does."""
    path = ledger_of(subject.folder).path
    path.write_bytes(b''.join(path.read_bytes().splitlines(keepends=True)[:1]))
    verify_test(subject)
    assert 'the ledger has no result of use 1' in subject.found.problems[0]


def test_a_later_use_that_died_is_counted(subject):
    split = json.loads((subject.folder / 'test.json').read_text())['split']
    ledger_of(subject.folder).open(split, 'a' * 64, 'b' * 64, 'again')
    verify_test(subject)
    assert not subject.found.problems
    assert any('test split used 2 times' in one for one in subject.found.passed)


def test_files_that_a_dead_test_left_off_the_record(subject):
    subject.recorded = {'config.py': 'a' * 64}
    verify_test(subject)
    assert 'not on record' in subject.found.not_checked[0]


def test_a_threshold_that_validation_did_not_choose(subject):
    from mmholdout.metrics.stored_predictions import (
        StoredPredictions,
        encode,
        read_predictions_file,
    )

    path = subject.folder / 'test_predictions.npz'
    stored = read_predictions_file(path)
    path.write_bytes(
        encode(StoredPredictions(stored.detections, {**stored.about, 'score_thr': 0.9}))
    )
    verify_test(subject)
    assert any('score_thr is 0.9' in one for one in subject.found.problems)


def test_an_image_that_was_changed_since(subject):
    data = Path(subject.data_root)
    image_id = (data / 'ImageSets' / 'Main' / 'test.txt').read_text().split()[0]
    image = next((data / 'JPEGImages').glob(f'{image_id}.*'))
    image.write_bytes(image.read_bytes() + b'x')
    verify_test(subject)
    assert any('images of test: they are not those of' in one for one in subject.found.problems)
    assert any('images or annotations of test' in one for one in subject.found.not_checked)


def test_data_that_are_not_there(subject, tmp_path):
    subject.data_root = str(tmp_path / 'nowhere')
    verify_test(subject)
    assert not subject.found.problems
    assert sum('--data-root' in one for one in subject.found.not_checked) == 2


def test_a_checkpoint_that_is_not_there_any_more(subject):
    (subject.folder / 'checkpoints' / 'best_model.pth').unlink()
    verify_test(subject)
    assert not subject.found.problems
    assert 'the checkpoint that was tested is not in this folder' in subject.found.remarks[0]


def test_a_result_of_an_earlier_version(subject):
    path = subject.folder / 'test.json'
    stored = json.loads(path.read_text())
    stored.pop('opened')
    path.write_text(json.dumps(stored))
    verify_test(subject)
    assert 'earlier version' in subject.found.not_checked[0]


def test_a_threshold_of_a_class_that_validation_did_not_choose(subject):
    from mmholdout.metrics.stored_predictions import (
        StoredPredictions,
        encode,
        read_predictions_file,
    )

    path = subject.folder / 'test_predictions.npz'
    stored = read_predictions_file(path)
    about = {**stored.about, 'class_score_thrs': {'invented': 0.9}}
    path.write_bytes(encode(StoredPredictions(stored.detections, about)))
    verify_test(subject)
    assert any("class 'invented' is 0.9, but None" in one for one in subject.found.problems)
