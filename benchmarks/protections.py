"""Take each protection out of a copy of the project and see its test fail.

    python benchmarks/protections.py [--only WORD] [--jobs 2] [--out FILE]

The list is protections.toml beside this file: a file of the project, the text that protects, what
takes its place, and the test that must then fail. Exit code 1 where a test passes although its
protection is gone, where it fails with it in place, or where the text is no longer there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import tomllib

ROOT = Path(__file__).resolve().parents[1]
COPIED = ('mmholdout', 'tests', 'configs', 'tools', 'projects', 'pyproject.toml', 'setup.py')
COPIED += ('README.md', 'README_zh-CN.md', 'docs', 'benchmarks', 'CHANGELOG.md', 'Makefile')
LIMIT = 300  # seconds for one test
PASSED, FAILED, LATE = 'passed', 'failed', 'late'
SAID = {FAILED: 'fails, as it must', LATE: 'does not end', PASSED: 'STILL PASSES'}
IN_TABLE = {FAILED: 'yes', LATE: f'does not end in {LIMIT} s', PASSED: 'NO'}


@dataclass(frozen=True)
class Protection:
    """One entry of the list.

    Attributes:
        name: what is promised.
        file: of the project.
        old: text in it, exactly once.
        new: what takes its place.
        test: pytest's id of the test that must fail.
    """

    name: str
    file: str
    old: str
    new: str
    test: str


def main() -> int:
    """Run the whole list."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--only', default='', help='those whose name or file has this word')
    parser.add_argument('--first', type=int, default=1, help='number of the first, from 1')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--out', type=Path, help='write the table as Markdown')
    arguments = parser.parse_args()
    entries = tomllib.loads((Path(__file__).with_suffix('.toml')).read_text())['protection']
    protections = [Protection(**entry) for entry in entries]
    protections = protections[arguments.first - 1 :]
    protections = [p for p in protections if arguments.only in f'{p.name} {p.file}']
    broken = [p for p in protections if (ROOT / p.file).read_text().count(p.old) != 1]
    for protection in broken:
        print(f'NOT THERE ONCE  {protection.file}: {protection.old!r}')
    whole = [p for p in protections if p not in broken]
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(arguments.jobs):
            copies.put(_copy(Path(folder) / str(number)))
        with ThreadPoolExecutor(arguments.jobs) as pool:
            tests = sorted({p.test for p in whole})
            _collect(tests)
            intact = pool.submit(_passes, copies, tests)
            results = list(pool.map(lambda p: _without(copies, p), whole))
            ok = intact.result()
    if not ok:
        print('FAILS WITH ITS PROTECTION IN PLACE: one of the tests; run them by themselves')
    missed = [p for p, result in zip(whole, results) if result == PASSED]
    late = results.count(LATE)
    print(
        f'{len(whole) - len(missed)} of {len(protections)} tests fail without their protection'
        + (f', {late} of them by not ending within {LIMIT} s' if late else '')
    )
    if arguments.out:
        arguments.out.write_text(_table(whole, results))
    return int(bool(missed or broken or not ok))


def _collect(tests: Sequence[str]) -> None:
    """A test that was renamed is told before hours have passed."""
    words = [sys.executable, '-m', 'pytest', '--collect-only', '-q', '-m', '', *tests]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])


def _copy(target: Path) -> Path:
    target.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns('__pycache__')
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy(source, target / name)
    return target


def _without(copies: SimpleQueue[Path], protection: Protection) -> str:
    copy = copies.get()
    path = copy / protection.file
    text = path.read_text()
    path.write_text(text.replace(protection.old, protection.new))
    try:
        result = _run(copy, [protection.test])
    finally:
        path.write_text(text)
        copies.put(copy)
    print(f'{SAID[result]:17}  {protection.name}', flush=True)
    return result


def _passes(copies: SimpleQueue[Path], tests: Sequence[str]) -> bool:
    copy = copies.get()
    try:
        return not tests or _run(copy, tests, limit=LIMIT * 12) == PASSED
    finally:
        copies.put(copy)


def _run(copy: Path, tests: Sequence[str], limit: int = LIMIT) -> str:
    environment = {**os.environ, 'PYTHONPATH': str(copy), 'OMP_NUM_THREADS': '1'}
    words = [sys.executable, '-m', 'pytest', '-x', '-q', '-p', 'no:cacheprovider', '-m', '']
    try:
        done = subprocess.run(
            [*words, *tests], cwd=copy, env=environment, capture_output=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return LATE
    if done.returncode not in (0, 1):  # not a failed test: no such test, a broken import
        print(done.stdout.decode()[-2000:])
        raise SystemExit(f'pytest ended with {done.returncode} on {" ".join(tests)}')
    return PASSED if done.returncode == 0 else FAILED


def _table(protections: Sequence[Protection], results: Sequence[str]) -> str:
    lines = ['| Promise | Taken out | Test | Fails then |', '| --- | --- | --- | --- |']
    for protection, result in zip(protections, results):
        old = ' '.join(protection.old.split())
        new = ' '.join(protection.new.split())
        change = f'`{old}`' + (f' becomes `{new}`' if new else '')
        lines.append(
            f'| {protection.name} | {protection.file}: {change} | {protection.test} | '
            f'{IN_TABLE[result]} |'.replace('\n', ' ')
        )
    return '\n'.join(lines) + '\n'


if __name__ == '__main__':
    sys.exit(main())
