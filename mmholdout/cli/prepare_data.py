"""`prepare_data`: make data ready for training."""

from __future__ import annotations

import argparse
from pathlib import Path

from mmholdout.cli.exit import run


def main(argv: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    return run(_body, argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='prepare_data', description=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
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
    sample.set_defaults(body=_sample)
    return parser


def _body(argv: list[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    code: int = arguments.body(arguments)
    return code


def _sample(arguments: argparse.Namespace) -> int:
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
    print(f'{said} {arguments.out} (seed {arguments.seed}): {shown} images')
    return 0
