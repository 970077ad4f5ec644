"""`prepare_data split`: draw train, val and test from one folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
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
        help=f'default: {" ".join(RATIOS)}; with --folds test=SHARE only',
    )
    split.add_argument(
        '--folds',
        type=int,
        metavar='K',
        help='K folds over train and val instead (fold0_train.txt, fold0_val.txt, ...), beside one '
        'test list, which stays as it is where it is there',
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
    from mmholdout.runner.split_folder import LISTS

    if arguments.folds is None:
        _split(arguments)
        written = str(arguments.root / LISTS)
    else:
        written = _fold(arguments, arguments.root / LISTS)
    say(f'wrote {written} (seed {arguments.seed})')
    return 0


def _split(arguments: argparse.Namespace) -> None:
    from mmholdout.errors import ConfigError
    from mmholdout.runner.split_folder import split_folder

    given = arguments.ratios or [_ratio(text) for text in RATIOS]
    ratios = dict(given)
    if len(ratios) != len(given) or not {'train', 'val'} <= set(ratios):
        raise ConfigError('--ratios needs train and val, each split once')
    made = split_folder(arguments.root, ratios, **_options(arguments))
    _say_drawn(made, list(made.drawn.ids), made.drawn.notes)


def _fold(arguments: argparse.Namespace, lists: Path) -> str:
    """Draw folds; what was written, in words."""
    from mmholdout.errors import ConfigError
    from mmholdout.runner.fold_folder import fold_folder

    ratios = dict(arguments.ratios or ())
    if set(ratios) - {'test'} or len(arguments.ratios or ()) > 1:
        raise ConfigError(
            '--folds gives each fold its equal share of val and the rest to train; --ratios can '
            'only name test, for the list that is drawn first'
        )
    made = fold_folder(
        arguments.root, arguments.folds, test_share=ratios.get('test'), **_options(arguments)
    )
    _say_drawn(made, list(made.columns()), made.folds.notes)
    last = arguments.folds - 1
    say(
        f'columns: the images that each fold validates; it trains on the others. Each image is in '
        f'val once. Train them with: tools/train.py CONFIG --fold 0 (to {last})'
    )
    if made.test_drawn:
        test = ' and test.txt'
    else:
        test = '; test.txt stays as it was' if made.test else '; there is no test.txt'
    return f'{lists}: fold0_train.txt, fold0_val.txt, ... fold{last}_val.txt{test}'


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        'seed': arguments.seed,
        'group': arguments.group,
        'look_for_duplicates': not arguments.no_duplicates,
        'force': arguments.force,
        'progress': _progress if sys.stderr.isatty() else None,
    }


def _say_drawn(made: Any, columns: list[str], notes: Iterable[str]) -> None:
    """The report on copies, the table of images and classes, and what could not be had."""
    from mmholdout.report.inert import inert

    if made.duplicates is not None:
        for line in made.duplicates.lines():
            say(line)
    rows = [(inert(name, 40), counts) for name, counts in made.table()]
    width = max(len(name) for name, _ in rows)
    say(f'{"":<{width}}' + ''.join(f'{column:>8}' for column in columns))
    for name, counts in rows:
        say(f'{name:<{width}}' + ''.join(f'{count:>8}' for count in counts))
    for note in notes:
        say(f'note: {note}')


def _progress(what: str, number: int, of: int) -> None:
    end = '\n' if number == of else ''
    print(f'\r{what}: {number} of {of}', end=end, file=sys.stderr, flush=True)
