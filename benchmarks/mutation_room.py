"""Run the mutants of one room of the package against the room's tests, in a copy of the tree."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mutation_baseline import Tracer, mirror, read_baseline
from mutation_child import FAILED, PASSED, Chosen, clear, in_child, run_tests
from mutation_mutants import Mutant, mutants_of
from mutation_result import Result

# A change that makes a test endless is found by this; below it, a busy machine is no timeout.
TIMES_LONGER, LEAST_SECONDS = 10, 10.0
BASELINE_SECONDS = 900


class Room:
    """A copy of the tree with warm libraries, where one file at a time is changed.

    Args:
        source: The root of the repository.
        name: The room, `metrics` say.
    """

    def __init__(self, source: Path, name: str) -> None:
        self.name = name
        self.scratch = Path(tempfile.mkdtemp(prefix='mutation-'))
        self.root = self.scratch / 'tree'
        for folder in ('mmholdout', 'tests'):
            shutil.copytree(
                source / folder, self.root / folder, ignore=shutil.ignore_patterns('__pycache__')
            )
        shutil.copy(source / 'pyproject.toml', self.root)
        try:
            out = self.scratch / 'baseline.json'
            self._check([Tracer(self.root, self.name, out)])
            self.baseline = read_baseline(out)
            for library in self.baseline.libraries:
                with contextlib.suppress(Exception):  # it is only slower without
                    importlib.import_module(library)
            gc.freeze()  # what the children share need not be looked through in each
            self._check()
        except BaseException:
            self.close()
            raise

    def mutants(self, only: str = '') -> list[Mutant]:
        """Of all files of the room whose path contains `only`."""
        paths = sorted((self.root / 'mmholdout' / self.name).glob('*.py'))
        names = [path.relative_to(self.root).as_posix() for path in paths]
        return [m for name in names if only in name for m in mutants_of(self.root, name)]

    def run(self, mutants: list[Mutant]) -> Iterator[Result]:
        """One result a mutant."""
        for mutant in mutants:
            start = time.perf_counter()
            outcome = self._outcome(mutant)
            yield Result.of(mutant, outcome, time.perf_counter() - start)

    def close(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _outcome(self, mutant: Mutant) -> str:
        tests = self.baseline.tests_of(mutant.path, mutant.span, at_import=mutant.at_import)
        if not tests:
            return 'survived'
        mirrored = [t for t in tests if t.startswith(mirror(mutant.path) + '::')]
        others = tests[len(mirrored) :]
        path = self.root / mutant.path
        original, stat = path.read_bytes(), path.stat()
        path.write_text(mutant.source, encoding='utf-8')
        # A .pyc is known by time and size: without this, changes within a second look alike.
        os.utime(path, (stat.st_mtime, 1_000_000 + mutant.number))
        try:
            for chosen in filter(None, (mirrored, others)):
                outcome = self._run(chosen)
                if outcome != PASSED:
                    return 'killed' if outcome == FAILED else outcome
        finally:
            path.write_bytes(original)
            os.utime(path, (stat.st_mtime, stat.st_mtime))
            clear(self.scratch)
        return 'survived'

    def _run(self, tests: list[str]) -> str:
        files = list(dict.fromkeys(test.split('::')[0] for test in tests))
        seconds = sum(self.baseline.seconds[test] for test in tests)
        limit = max(LEAST_SECONDS, TIMES_LONGER * seconds)
        return in_child(
            self._in_tree(lambda: run_tests(self.scratch, files, [Chosen(tests)])),
            limit,
            self.scratch / 'log.txt',
        )

    def _check(self, plugins: Sequence[object] = ()) -> None:
        """All tests of the room must pass as long as nothing is changed."""
        log = self.scratch / 'baseline.txt'
        work = self._in_tree(lambda: run_tests(self.scratch, [f'tests/{self.name}'], plugins))
        if in_child(work, BASELINE_SECONDS, log) != PASSED:
            sys.exit(f'the tests of {self.name} fail without a change:\n{log.read_text()[-3000:]}')
        clear(self.scratch)

    def _in_tree(self, work: Callable[[], int]) -> Callable[[], int]:
        def inside() -> int:
            os.chdir(self.root)
            os.environ['PYTHONPATH'] = str(self.root)
            sys.path.insert(0, str(self.root))
            package = importlib.import_module('mmholdout')
            assert Path(package.__file__ or '').is_relative_to(self.root)
            return work()

        return inside


def sample(mutants: list[Mutant], number: int, seed: int) -> list[Mutant]:
    """`number` of the mutants, each as likely as any other, in their order; 0 means all."""
    if not 0 < number < len(mutants):
        return mutants
    chosen = random.Random(seed).sample(range(len(mutants)), number)
    return [mutants[i] for i in sorted(chosen)]
