"""`prepare_data voc`: Pascal VOC 2007 and 2012 from their official archives."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from mmholdout.cli.say import say


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    voc = commands.add_parser(
        'voc',
        help='download and arrange Pascal VOC 2007 and 2012',
        description='Make a folder with VOC2007/ and VOC2012/ from the three official archives '
        '(2.9 GB, and as much again unpacked). Archives that are in the --archives folder are '
        'used, others are downloaded into it; a download that broke off goes on where it stopped. '
        'Their MD5 digests are checked, which finds accidents, not attacks.',
    )
    voc.add_argument('--out', type=Path, required=True, help='becomes data_root of a config')
    voc.add_argument(
        '--archives',
        type=Path,
        metavar='FOLDER',
        help='where the .tar files are, or are kept; default: OUT/archives',
    )
    voc.add_argument(
        '--years',
        nargs='+',
        type=int,
        choices=(2007, 2012),
        default=[2007, 2012],
        help='default: both',
    )
    voc.add_argument(
        '--host',
        metavar='URL',
        help='a copy of http://host.robots.ox.ac.uk/pascal/VOC/, which is the default',
    )
    voc.set_defaults(body=body)


def body(arguments: argparse.Namespace) -> int:
    """Fetch, unpack, and say what was done; returns the exit code."""
    from mmholdout.fetch.voc import ARCHIVES, HOST, prepare

    out = arguments.out
    try:
        prepare(
            out,
            arguments.archives or out / 'archives',
            arguments.years,
            archives=ARCHIVES,
            host=arguments.host or HOST,
            say=say,
            **({'progress': _Progress()} if sys.stderr.isatty() else {}),
        )
    except KeyboardInterrupt:
        say('\nstopped; the same command goes on from here')
        raise
    say(f'use it with --cfg-options data_root={out}')
    return 0


class _Progress:
    """One line on the terminal, rewritten ten times a second at most."""

    def __init__(self) -> None:
        self._shown = 0.0

    def __call__(self, what: str, number: int, of: int | None) -> None:
        if number != of and time.monotonic() < self._shown + 0.1:
            return
        self._shown = time.monotonic()
        share = f' of {of:,} ({number / of:.0%})' if of else ''
        end = '\n' if number == of else ''
        print(f'\r{what}: {number:,}{share}', end=end, file=sys.stderr, flush=True)
