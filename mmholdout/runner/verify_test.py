"""The ledger's chain, and the result of a test against it."""

from __future__ import annotations

from typing import Any

from mmholdout.config.translate import translate
from mmholdout.errors import LedgerError, RunFolderError, UserError
from mmholdout.history.run_digests import files_of_run, sha256_of
from mmholdout.runner.resolved_config import config_digest, read_resolved
from mmholdout.runner.score_thresholds import (
    CLASS_SCORE_THRS,
    chosen_score_thr,
    differing_thresholds,
)
from mmholdout.runner.test_record import NAMES
from mmholdout.runner.verify_data import ELSEWHERE, dataset_of, image_digests, verify_annotations
from mmholdout.runner.verify_metrics import compare_metrics, read_stored
from mmholdout.runner.verify_subject import Subject
from mmholdout.splits.file_record import combined, read_file_record
from mmholdout.splits.record import split_digest
from mmholdout.splits.test_uses import ledger_of, read_test, used

Line = dict[str, Any]


def verify_test(subject: Subject) -> None:
    """The ledger is whole; test.json is what it says; the metrics follow from the predictions."""
    found, ledger = subject.found, ledger_of(subject.folder)
    lines: list[Line] = []
    try:
        lines = ledger.verify()
        if lines:
            found.passed.append(f'{ledger.path}: {len(lines)} lines, each follows from the last')
    except LedgerError as error:
        found.problems += error.problems
    with subject.step('the result on the test split'):
        if not any((subject.folder / name).exists() for name in NAMES):
            found.remarks.append('the run has not been tested')
            return
        subject.need(*NAMES[1:])
        test = read_test(subject.folder)
        if test is None or 'opened' not in test:
            raise RunFolderError('test.json is of an earlier version')
        unrecorded = [n for n in NAMES if subject.recorded and n not in subject.recorded]
        if unrecorded:
            raise RunFolderError(f'{", ".join(unrecorded)} not on record, see above')
        if not ledger.path.exists():
            found.problems.append(
                f'{ledger.path} is missing, but {subject.folder / "test.json"} is use '
                f'{test["use"]} of a test split. It lies beside the run folder; where that was '
                'moved, put the ledger beside it'
            )
        elif lines:
            _against_ledger(subject, test, lines)
        verify_annotations(subject, 'test_annotations.json')
        _metrics(subject, test)


def _against_ledger(subject: Subject, test: dict[str, Any], lines: list[Line]) -> None:
    where = f'{subject.folder / "test.json"} and the ledger differ'
    opened = next((one for one in lines if one['hash'] == test['opened']), None)
    result = next((one for one in lines if one.get('of') == test['opened']), None)
    if opened is None or result is None:
        subject.found.problems.append(
            f'{where}: the ledger has no {"such use" if opened is None else "result"} of use '
            f'{test["use"]}'
        )
        return
    try:
        cfg = read_resolved(subject.folder / 'test_config.py')
        files = read_file_record(subject.folder / 'test_annotations.json').get('test')
    except UserError as error:
        subject.found.problems += error.problems
        return
    predictions = subject.folder / 'test_predictions.npz'
    said = {
        'split': test['split'],
        'use': test['use'],
        'reason': test['reason'],
        'checkpoint': test['checkpoint_sha256'],
        'config': config_digest(translate(cfg)),
        'annotations': combined(files) if files else None,
        'predictions': sha256_of(predictions) if predictions.is_file() else None,
        'result': {key: value for key, value in test.items() if key.startswith('test/')},
    }
    listed = {**opened, 'predictions': result['predictions'], 'result': result['result']}
    problems = [
        f'{where} in {name}: {value!r} here, {listed.get(name)!r} there'
        for name, value in said.items()
        if listed.get(name) != value
    ]
    uses = sum(one['event'] == 'opened' and one['split'] == test['split'] for one in lines)
    subject.found.take(problems, f'test.json: as in the ledger; {used(uses)}')
    with subject.step('images of test as they were tested'):
        words = dataset_of(subject.words('test_config.py'), 'test')
        ids = [str(image_id) for image_id in _stored_ids(subject)]
        now = image_digests(words, ids, 'test')
        if not now:
            raise RunFolderError(ELSEWHERE)
        problems = []
        if split_digest(now, now) != test['split']:
            subject.suspect.add('test')
            problems.append(
                f'images of test: they are not those of {subject.folder / "test.json"} (digest '
                f'of the split {test["split"][:12]})'
            )
        subject.found.take(problems, f'images of test: the {len(now)} that were tested')


def _stored_ids(subject: Subject) -> list[Any]:
    return list(read_stored(subject, 'test_predictions.npz').detections)


def _metrics(subject: Subject, test: dict[str, Any]) -> None:
    with subject.step('metrics of test'):
        stored = read_stored(subject, 'test_predictions.npz')
        score_thr = stored.about['score_thr']
        of_classes = stored.about.get(CLASS_SCORE_THRS, {})  # none in earlier versions
        meta = _tested_meta(subject, test['checkpoint_sha256'])
        chosen = chosen_score_thr(meta)
        if chosen is not None:
            line = f'test: precision and recall at score threshold {chosen:.4f}, which val chose'
            where = f'{subject.folder}/test_predictions.npz: '
            wrong = f'{where}score_thr is {score_thr!r}, but the checkpoint says {chosen!r}'
            problems = [wrong] * (chosen != score_thr)
            if CLASS_SCORE_THRS in meta:
                differ = differing_thresholds(of_classes, meta[CLASS_SCORE_THRS])
                problems += [f'{where}{one} in the checkpoint' for one in differ]
            subject.found.take(problems, line)
        recorded = {key: value for key, value in test.items() if key.startswith('test/')}
        words = subject.words('test_config.py')
        compare_metrics(
            subject, words, 'test', stored, recorded, 'test.json', score_thr, of_classes
        )


def _tested_meta(subject: Subject, digest: str) -> dict[str, Any]:
    """Of the checkpoint that was tested; empty where it is not here any more."""
    for name in files_of_run(subject.folder):
        path = subject.folder / name
        if name.endswith('.pth') and sha256_of(path) == digest:
            try:
                return subject.meta(name)
            except UserError:
                return {}
    subject.found.remarks.append('the checkpoint that was tested is not in this folder (any more)')
    return {}
