"""One pytest run in a forked process: the parent has the libraries loaded, the child the tests."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import Phase, settings

TIMED_OUT = 'timeout'
PASSED, FAILED = 'passed', 'failed'
# Ended by a failed test, by an error while collecting, by an error inside pytest.
_FAILED = (1, 2, 3)
_PASSED = (0, 5)

settings.register_profile(
    'mutation',
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # one failing example is enough
)


class Chosen:
    """A pytest plugin: runs the given tests, in the given order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.rank = {name: i for i, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the others."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.rank),
            key=lambda item: self.rank[item.nodeid],
        )


def run_tests(scratch: Path, files: Sequence[str], plugins: Sequence[object] = ()) -> int:
    """Run pytest over `files` up to the first failure, in this process; its exit code."""
    arguments = [
        *('-x', '-p', 'no:cacheprovider', '-p', 'no:faulthandler', '--no-header', '--tb=line'),
        *('--durations=0', '--hypothesis-profile=mutation', f'--basetemp={scratch / "tmp"}'),
        *files,
    ]
    return int(pytest.main(arguments, plugins=list(plugins)))


def in_child(work: Callable[[], int], limit: float, log: Path) -> str:
    """Run `work` in a forked process of its own group: passed, failed or timeout."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _be_child(work, log)
    end = time.monotonic() + limit
    pause = 0.005
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            _end_group(pid)  # processes that the tests left behind
            return _outcome(status, log)
        if time.monotonic() > end:
            _end_group(pid)
            os.waitpid(pid, 0)
            return TIMED_OUT
        time.sleep(pause)
        pause = min(pause * 1.2, 0.05)


def _be_child(work: Callable[[], int], log: Path) -> None:
    code = 3
    try:
        os.setsid()
        with log.open('w') as file:
            for stream in (1, 2):
                os.dup2(file.fileno(), stream)
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        code = work()
    except BaseException:  # a child must never come back to the parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _outcome(status: int, log: Path) -> str:
    if os.WIFSIGNALED(status):
        return FAILED
    code = os.WEXITSTATUS(status)
    if code in _PASSED:
        return PASSED
    if code in _FAILED:
        return FAILED
    raise SystemExit(f'pytest ended with {code}, which is neither pass nor fail: {log}')


def clear(scratch: Path) -> None:
    """Remove what the tests of the last child wrote."""
    shutil.rmtree(scratch / 'tmp', ignore_errors=True)
