"""Which tests run which lines, and how long they take: the run without a change."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest


@dataclass(frozen=True)
class Baseline:
    """What the unchanged code does.

    Attributes:
        seconds: Of each test, traced, so longer than it takes without.
        lines: The lines that each test runs, by file.
        libraries: Modules that the tests load, apart from the package, in that order.
    """

    seconds: dict[str, float]
    lines: dict[str, dict[str, set[int]]]
    libraries: list[str]

    def tests_of(self, path: str, span: tuple[int, int], *, at_import: bool) -> list[str]:
        """Tests that run one of the lines `span` of `path`: mirrored ones first, then by time.

        What acts at import concerns every test that runs any line of that file and all mirrored
        ones; if there are none, every test.
        """
        wanted = set(range(span[0], span[1] + 1))
        found = []
        for test, lines in self.lines.items():
            ran = lines.get(path, set())
            if ran & wanted or (at_import and ran):
                found.append(test)
        if at_import:
            mirrored = mirror(path)
            found += [t for t in self.lines if t not in found and _file(t) == mirrored]
            found = found or list(self.lines)
        return sorted(found, key=lambda t: (_file(t) != mirror(path), self.seconds[t], t))


def mirror(path: str) -> str:
    """`tests/a/test_b.py` of `mmholdout/a/b.py`."""
    room, name = Path(path).parts[-2:]
    return f'tests/{room}/test_{name}'


def _file(test: str) -> str:
    return test.split('::')[0]


class Tracer:
    """A pytest plugin that notes the lines of the package's room that each test runs."""

    def __init__(self, root: Path, room: str, out: Path) -> None:
        self.prefix = str(root) + '/'
        self.folder = f'{self.prefix}mmholdout/{room}/'
        self.out = out
        self.now: dict[str, set[int]] = defaultdict(set)
        self.shared: dict[str, dict[str, set[int]]] = {}
        self.tests: dict[str, tuple[float, dict[str, set[int]], list[str]]] = {}

    def _trace(self, frame: FrameType, *_: object) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(self.folder):
            return None
        path = name[len(self.prefix) :]

        def local(frame: FrameType, *_: object) -> Any:
            self.now[path].add(frame.f_lineno)
            return local

        return local(frame)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Trace one test, its fixtures included."""
        self.now = defaultdict(set)
        start = time.perf_counter()
        sys.settrace(self._trace)
        threading.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            seconds = time.perf_counter() - start
            self.tests[item.nodeid] = (seconds, dict(self.now), list(item.fixturenames))  # type: ignore[attr-defined]

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Keep apart what is set up once for many tests."""
        if fixturedef.scope == 'function':
            return (yield)
        outside, self.now = self.now, defaultdict(set)
        try:
            return (yield)
        finally:
            # Set up once, used by many: the lines count for each test that asks for it.
            self.shared[fixturedef.argname] = dict(self.now)
            for path, lines in self.now.items():
                outside[path] |= lines
            self.now = outside

    def pytest_sessionfinish(self) -> None:
        """Write it down."""
        tests = {}
        for name, (seconds, lines, fixtures) in self.tests.items():
            merged = {path: set(found) for path, found in lines.items()}
            for fixture in fixtures:
                for path, found in self.shared.get(fixture, {}).items():
                    merged.setdefault(path, set()).update(found)
            tests[name] = (seconds, {path: sorted(found) for path, found in merged.items()})
        own = ('mmholdout', 'tests', 'test_', 'conftest', '__')
        libraries = [name for name in sys.modules if not name.startswith(own)]
        self.out.write_text(json.dumps({'tests': tests, 'libraries': libraries}))


def read_baseline(path: Path) -> Baseline:
    """What `Tracer` wrote."""
    stored = json.loads(path.read_text())
    return Baseline(
        seconds={name: seconds for name, (seconds, _) in stored['tests'].items()},
        lines={
            name: {file: set(found) for file, found in lines.items()}
            for name, (_, lines) in stored['tests'].items()
        },
        libraries=stored['libraries'],
    )
