"""`prepare_data sample`: render the embedded sample set."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mmholdout.cli.say import say


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    sample = commands.add_parser(
        'sample',
        help='render the embedded sample set in Pascal VOC layout',
        description='Render screws, nuts, washers and batteries with train, val and test splits: '
        'deterministic, no download, a few seconds.',
    )
    sample.add_argument(
        '--out', type=Path, default=Path('data/sample'), help='default: %(default)s'
    )
    sample.add_argument('--seed', type=int, default=0, help='default: %(default)s')
    sample.add_argument(
        '--train',
        type=int,
        metavar='N',
        help='images of the training split, to study overfitting; val and test stay the same',
    )
    sample.add_argument('--force', action='store_true', help='replace another sample set')
    sample.set_defaults(body=body)


def body(arguments: argparse.Namespace) -> int:
    """Render, and say what was done; returns the exit code."""
    # Imported after the arguments are read: --help needs no OpenCV.
    from mmholdout.sample.write import COUNTS, Outcome, write_sample

    counts = dict(COUNTS) if arguments.train is None else {**COUNTS, 'train': arguments.train}
    outcome = write_sample(arguments.out, arguments.seed, force=arguments.force, **counts)
    shown = ', '.join(f'{count} {split}' for split, count in counts.items())
    said = {
        Outcome.WRITTEN: 'wrote',
        Outcome.REPLACED: 'replaced',
        Outcome.PRESENT: 'already there, unchanged:',
    }[outcome]
    say(f'{said} {arguments.out} (seed {arguments.seed}): {shown} images')
    return 0
