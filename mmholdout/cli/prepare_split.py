"""`prepare_data split`: draw train, val and test from one folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from mmholdout.cli.say import say

RATIOS = ('train=0.7', 'val=0.15', 'test=0.15')


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    split = commands.add_parser(
        'split',
        help='draw train, val and test lists for a folder in VOC layout',
        description='Write ImageSets/Main/train.txt, val.txt and test.txt for the annotated '
        'images of a folder: the same for the same seed, classes spread over the splits, copies '
        'of one picture and members of one group never separated.',
    )
    split.add_argument('root', type=Path, metavar='FOLDER', help='has Annotations/ and JPEGImages/')
    split.add_argument(
        '--ratios',
        nargs='+',
        type=_ratio,
        metavar='SPLIT=SHARE',
        default=[_ratio(text) for text in RATIOS],
        help=f'default: {" ".join(RATIOS)}',
    )
    split.add_argument('--seed', type=int, default=0, help='default: %(default)s')
    split.add_argument(
        '--group',
        metavar='PATTERN',
        help='a regular expression; what its first bracket finds in an id stays together, '
        r'for instance "^(video\d+)_"',
    )
    split.add_argument(
        '--no-duplicates',
        action='store_true',
        help='do not compare the images: faster, but copies of one picture may be separated',
    )
    split.add_argument('--force', action='store_true', help='replace lists that are there')
    split.set_defaults(body=body)


def _ratio(text: str) -> tuple[str, float]:
    name, _, share = text.partition('=')
    try:
        number = float(share)
    except ValueError:
        number = 0.0
    if name not in ('train', 'val', 'test') or not 0 < number < 1:
        raise argparse.ArgumentTypeError(
            f'must be train=, val= or test= and a share between 0 and 1, got {text!r}'
        )
    return name, number


def body(arguments: argparse.Namespace) -> int:
    """Draw, write, and print what was drawn; returns the exit code."""
    from mmholdout.errors import ConfigError
    from mmholdout.report.inert import inert
    from mmholdout.runner.split_folder import LISTS, split_folder

    ratios = dict(arguments.ratios)
    if len(ratios) != len(arguments.ratios) or not {'train', 'val'} <= set(ratios):
        raise ConfigError('--ratios needs train and val, each split once')
    made = split_folder(
        arguments.root,
        ratios,
        seed=arguments.seed,
        group=arguments.group,
        look_for_duplicates=not arguments.no_duplicates,
        force=arguments.force,
        progress=_progress if sys.stderr.isatty() else None,
    )
    if made.duplicates is not None:
        for line in made.duplicates.lines():
            say(line)
    rows = [(inert(name, 40), counts) for name, counts in made.table()]
    width = max(len(name) for name, _ in rows)
    say(f'{"":<{width}}' + ''.join(f'{split:>8}' for split in made.drawn.ids))
    for name, counts in rows:
        say(f'{name:<{width}}' + ''.join(f'{count:>8}' for count in counts))
    for note in made.drawn.notes:
        say(f'note: {note}')
    say(f'wrote {arguments.root / LISTS} (seed {arguments.seed})')
    return 0


def _progress(what: str, number: int, of: int) -> None:
    end = '\n' if number == of else ''
    print(f'\r{what}: {number} of {of}', end=end, file=sys.stderr, flush=True)
