"""`prepare_data stand-in`: folders like VOC2007 and VOC2012, for trying commands."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mmholdout.cli.say import say


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    stand_in = commands.add_parser(
        'stand-in',
        help='render a small stand-in for VOC2007 and VOC2012',
        description='Write a VOCdevkit folder with VOC2007/ and VOC2012/, their lists and their 20 '
        'class names, on drawn images of 160 px. It is for trying commands: what is measured on it '
        'says nothing about VOC.',
    )
    stand_in.add_argument('--out', type=Path, required=True, help='becomes data_root of a config')
    stand_in.add_argument('--seed', type=int, default=0, help='default: %(default)s')
    stand_in.add_argument('--force', action='store_true', help='replace another rendered set')
    stand_in.set_defaults(body=body)


def body(arguments: argparse.Namespace) -> int:
    """Render, and say what was done; returns the exit code."""
    from mmholdout.sample.voc_stand_in import COUNTS, write_stand_in
    from mmholdout.sample.whole_folder import Outcome

    outcome = write_stand_in(arguments.out, arguments.seed, force=arguments.force)
    said = {
        Outcome.WRITTEN: 'wrote',
        Outcome.REPLACED: 'replaced',
        Outcome.PRESENT: 'already there, unchanged:',
    }[outcome]
    shown = ', '.join(f'{count} in {name}' for name, count in COUNTS.items())
    say(f'{said} {arguments.out} (seed {arguments.seed}): {shown}')
    say('drawn images, for trying commands: what is measured on them says nothing about VOC')
    say(f'use it with --cfg-options data_root={arguments.out}')
    return 0
