"""One training command in a process of its own, watched, disturbed or both."""

from __future__ import annotations

import errno
import json
import os
import pickle
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from fingerprint import fingerprint
from journal import Journal
from states import restore

SIGNAL = ('event', 'signal')


def run(request: dict[str, Any]) -> int:
    """Train as the command does; gives its exit code.

    Args:
        request: `argv` of the command, `folder` of the run, `report` (a path, for what was seen).
            `files`: a state of the folder to begin from, as `states.store` gave it.
            `signals`: [[event, count, signal], ...] to be sent to the whole process group when
            an event has come so often. `full_at`: the number of the operation from which on the
            disk is full. `picture`: whether to draw with matplotlib.
    """
    from mmholdout.cli.train import main

    folder = Path(request['folder'])
    if 'files' in request:
        restore(request['files'], folder)
    journal = Journal(folder)
    journal.watch()
    _watch_events(journal, request.get('signals', ()))
    if 'full_at' in request:
        _fill_disk(journal, request['full_at'])
    if not request.get('picture'):
        _small_picture()
    code = 1
    try:
        code = main(request['argv'])
    finally:
        journal.fail = lambda operation: None
        journal.check()
        if request.get('keep_journal'):
            Path(f'{request["report"]}.journal').write_bytes(pickle.dumps(journal.operations))
        seen = {
            'unseen': journal.unseen,
            'operations': len(journal.operations),
            'first_signal_at': journal.operations.index(SIGNAL)
            if SIGNAL in journal.operations
            else None,
            'read': _read(journal.operations),
            'fingerprint': fingerprint(folder) if code == 0 else None,
        }
        Path(request['report']).write_text(json.dumps(seen))
    return code


def _read(operations: list[tuple[Any, ...]]) -> list[str]:
    """The files that were opened for reading while anything could still depend on it."""
    ends = (i for i, o in enumerate(operations) if o[0] == 'event' and 'after_run' in o[1])
    before = operations[: next(ends, None)]
    return sorted({o[1] for o in before if o[0] == 'read'})


def _watch_events(journal: Journal, signals: list[list[Any]]) -> None:
    """The hook points of the run are its events: 'before_val 2', 'after_train_iter 0', ..."""
    from mmholdout.runner.runner import HeldOutRunner

    plain, counts = HeldOutRunner.call_hook, {}

    def call_hook(self: Any, name: str, **kwargs: Any) -> None:
        counts[name] = counts.get(name, 0) + 1
        journal.event(f'{name} {getattr(self._train_loop, "epoch", 0)}')
        for event, count, signum in signals:
            if (event, count) == (name, counts[name]):
                journal.note(*SIGNAL)
                os.killpg(os.getpgid(0), signum)
        plain(self, name, **kwargs)

    HeldOutRunner.call_hook = call_hook


def _fill_disk(journal: Journal, number: int) -> None:
    def fail(operation: tuple[Any, ...]) -> None:
        needs_space = operation[0] in ('create', 'write', 'sync', 'mkdir')
        if needs_space and len(journal.operations) >= number:
            raise OSError(errno.ENOSPC, 'No space left on device')

    journal.fail = fail


def _small_picture() -> None:
    """Drawing takes longer than training here; a picture is written all the same."""
    from mmholdout.history.atomic import write_bytes
    from mmholdout.hooks import curves

    curves.draw_curves = lambda rows, path, **_: write_bytes(path, b'picture' * len(rows))


def in_child(request: dict[str, Any]) -> int:
    """After the fork: a session of its own, nothing shared with the one who asked."""
    os.setsid()
    log = os.open(request['log'], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    for handle, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(handle, target)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 1
    try:
        code = run(request)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    return code
