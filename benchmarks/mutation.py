"""How many small mistakes in the pure rooms do their tests find?

    python benchmarks/mutation.py [ROOM ...] [--sample N] [--seed S] [--only TEXT] [--out FOLDER]

Makes a mistake in one place (a comparison, a constant, a statement left out, see
mutation_operators.py), runs the room's tests that reach this place, the mirrored file's first, and
says whether one fails. A mutant is killed by a failed test; a test that does not end within ten
times its time is a timeout and counts as found. Hypothesis runs with at most 40 examples and a
fixed seed. One process at a time; the tree itself is not changed.

mutmut 3.8 and cosmic-ray 8.7 were tried. mutmut leaves out properties, decorated functions and
constants of modules and classes (161 in these rooms, the thresholds of the duplicate search among
them), makes no removed statement and no negated condition, and counts changed message text;
cosmic-ray starts a process for each mutant. Both would be further dependencies.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

os.environ.setdefault('OMP_NUM_THREADS', '1')

from mutation_result import HEAD, Result, read, row, write
from mutation_room import Room, sample

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ('monitor', 'history', 'metrics', 'splits')
LEAST = 85.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('rooms', nargs='*', default=ROOMS, metavar='ROOM')
    parser.add_argument('--sample', type=int, default=0, help='mutants a room; 0: all of them')
    parser.add_argument('--seed', type=int, default=0, help='of the sample')
    parser.add_argument('--only', default='', help='files whose path contains this')
    parser.add_argument('--out', type=Path, help='folder for ROOM.jsonl with every mutant')
    parser.add_argument('--again', type=Path, help='only what survived in this ROOM.jsonl')
    parser.add_argument('--files', action='store_true', help='a row for each file')
    args = parser.parse_args()
    rows, low = [], []
    for name in args.rooms:
        results, population = run_room(name, args)
        rows += rows_of(name, results, population, files=args.files)
        print(rows_of(name, results, population, files=False)[0], flush=True)
        if 100 * sum(r.found for r in results) < LEAST * len(results):
            low.append(name)
    print('\n'.join([HEAD, *rows]))
    if low and not args.again:
        print(f'below {LEAST:g} %: {", ".join(low)}')
        return 1
    return 0


def run_room(name: str, args: argparse.Namespace) -> tuple[list[Result], int]:
    start = time.perf_counter()
    room = Room(ROOT, name)
    try:
        print(f'{name}: baseline {time.perf_counter() - start:.0f} s', flush=True)
        mutants = room.mutants(args.only)
        population = len(mutants)
        if args.again:
            before = {(r.path, r.kind, r.change) for r in read(args.again) if not r.found}
            mutants = [m for m in mutants if (m.path, m.kind, m.change) in before]
        mutants = sample(mutants, args.sample, args.seed)
        results = []
        for result in room.run(mutants):
            results.append(result)
            if not result.found or result.outcome == 'timeout':
                print(result, flush=True)
    finally:
        room.close()
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        write(args.out / f'{name}.jsonl', results)
    return results, population


def rows_of(name: str, results: list[Result], population: int, *, files: bool) -> list[str]:
    rows = [row(name, results, population)]
    if files:
        by_file = defaultdict(list)
        for result in results:
            by_file[result.path].append(result)
        rows += [row(path, found, len(found)) for path, found in sorted(by_file.items())]
    return rows


if __name__ == '__main__':
    sys.exit(main())
