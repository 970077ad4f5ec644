"""Freed memory is used again, without a page fault."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmholdout.memory import SETTINGS, keep_freed_memory

glibc = pytest.mark.skipif(
    'CS_GNU_LIBC_VERSION' not in getattr(os, 'confstr_names', {}), reason='needs glibc'
)

FAULTS = """
import resource, sys
import numpy as np
from mmholdout.memory import keep_freed_memory
if sys.argv[1] == 'keep':
    assert keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(3):
    np.ones(2**23)  # 64 MiB: 16,384 pages
before = faults()
for _ in range(3):
    np.ones(2**23)
print(faults() - before)
"""


def _output(code: str, mode: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    environment.pop('GLIBC_TUNABLES', None)
    done = subprocess.run(
        [sys.executable, '-c', code, mode],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@glibc
def test_memory_of_a_freed_array_serves_the_next() -> None:
    assert int(_output(FAULTS, 'keep')) < 500


@glibc
def test_without_it_every_array_is_filled_anew() -> None:
    # A kernel that gives huge pages unasked takes 32 faults an array instead of 16,384.
    assert int(_output(FAULTS, 'plain')) >= 3 * 32


@pytest.mark.parametrize(
    ('name', 'value'),
    [*((name, '1000000') for name in SETTINGS), ('GLIBC_TUNABLES', 'glibc.malloc.mmap_max=9')],
)
def test_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert not keep_freed_memory()


def test_nothing_is_done_where_there_is_no_glibc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, 'confstr_names', {}, raising=False)
    assert not keep_freed_memory()


HELD = """
import os, sys
import numpy as np
from mmholdout.memory import drop_inherited_memory, keep_freed_memory
assert keep_freed_memory()
np.ones(2**24)  # 128 MiB, freed and kept
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
if sys.argv[1] == 'drop':
    assert drop_inherited_memory()
with open('/proc/self/smaps_rollup') as file:
    print(next(line.split()[1] for line in file if line.startswith('Rss:')))
"""


@pytest.mark.skipif(not Path('/proc/self/smaps_rollup').exists(), reason='needs Linux')
def test_a_worker_does_not_hold_what_the_run_had_freed() -> None:
    held, dropped = (int(_output(HELD, mode)) for mode in ('hold', 'drop'))
    assert held - dropped > 100 * 1024  # KiB
