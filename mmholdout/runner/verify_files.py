"""The files of a run against digests.json, and those that carry digests of their own."""

from __future__ import annotations

from pathlib import Path

from mmholdout.errors import RunFolderError, UserError
from mmholdout.history.run_digests import NAME, files_of_run, read_digests, sha256_of
from mmholdout.report.summary import read_summary
from mmholdout.runner.verify_subject import BEST, Subject
from mmholdout.splits.listed import listed

ENDED = ('max_epochs', 'max_iters', 'early_stop', 'refit_epochs')
_NOT_OURS = ('.lock', '.tmp')  # a lock, and what a save that was killed has left


def verify_files(subject: Subject) -> None:
    """Every recorded file is there, byte for byte; what is not on record is named."""
    folder, found = subject.folder, subject.found
    try:
        subject.recorded = read_digests(folder)
    except RunFolderError as error:
        found.problems += error.problems
        subject.recorded = {}
    recorded = subject.recorded
    if recorded is None:
        _not_ended(subject)
    elif recorded:
        problems = []
        for name, digest in recorded.items():
            path = folder / name
            now = sha256_of(path) if path.is_file() else None
            if now != digest:
                subject.changed.add(name)
                how = 'is missing' if now is None else f'has sha256 {now[:12]}'
                problems.append(f'{path} {how}; {NAME} has {digest[:12]} for it')
        found.take(problems, f'{NAME}: {len(recorded)} files are what the run wrote')
    written = set(files_of_run(folder))
    unrecorded = sorted(written - (recorded or {}).keys())
    if recorded and unrecorded:
        found.not_checked.append(
            f'{listed(unrecorded)}: not in {NAME}; the command that wrote it did not come to its '
            'end, or it was put there'
        )
    own = [name for name in _all_names(folder) if name not in written | (recorded or {}).keys()]
    if own:
        found.remarks.append(f'not written by the run and not checked: {", ".join(own)}')


def _not_ended(subject: Subject) -> None:
    folder, found = subject.folder, subject.found
    path, reason = folder / 'summary.json', None
    try:
        reason = read_summary(path).stop_reason if path.exists() else None
    except RunFolderError as error:
        found.problems += error.problems
    if reason in ENDED and (folder / 'annotations.json').exists():
        found.problems.append(
            f'{folder / NAME} is missing, but {path} says that the run has ended ({reason})'
        )
    elif any((folder / name).exists() for name in ('config.py', 'history.jsonl')):
        found.not_checked.append(
            f'the files as a whole: there is no {NAME}, which a run writes when it has ended '
            '(one of an earlier version has none). What carries digests of its own is checked'
        )


def _all_names(folder: Path) -> list[str]:
    """Names of all other files, with '/' on every system."""
    paths = [path for path in folder.rglob('*') if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in paths]
    return sorted(name for name in names if name != NAME and not name.endswith(_NOT_OURS))


def verify_checkpoints(subject: Subject) -> None:
    """Every checkpoint can be read; the best one names the predictions that chose it."""
    folder, found = subject.folder, subject.found
    names = [name for name in files_of_run(folder) if name.endswith('.pth')]
    problems, sound = [], []
    for name in names:
        if name in subject.changed:
            continue
        try:
            subject.meta(name)
            sound.append(name)
        except UserError as error:
            subject.changed.add(name)
            problems += error.problems
    if names:
        found.take(problems, f'checkpoints: {len(sound)} can be read')
    if BEST not in sound:
        return
    with subject.step('the predictions of the best epoch'):
        named = subject.meta(BEST).get('predictions')
        if named is None:
            raise RunFolderError(f'{BEST} names none (an earlier version, or a metric without)')
        path = folder / 'val_predictions.npz'
        now = sha256_of(path) if path.is_file() else None
        if now == named:
            found.passed.append(f'{path.name}: the predictions that {BEST} was chosen by')
        elif path.name not in subject.changed:
            subject.changed.add(path.name)
            found.problems.append(
                f'{path} {"is missing" if now is None else f"has sha256 {now[:12]}"}, but {BEST} '
                f'was chosen by predictions with {named[:12]}. A run that died between writing '
                'the two mends this when it is resumed'
            )
