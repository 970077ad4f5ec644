"""`prepare_data convert`: a set in VOC's, COCO's or YOLO's format, written in another of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mmholdout.cli.say import say


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    convert = commands.add_parser(
        'convert',
        help='write a set in another format (voc, coco, yolo)',
        description='Read a folder, or the splits of a config, as training would, and write them '
        'in another format, images included. Boxes that training would clip or drop are written '
        'clipped or left out, and said. What the new format cannot hold is counted. The result '
        'is read back and compared before it is kept. Nothing is overwritten.',
    )
    convert.add_argument('source', type=Path, metavar='FROM', help='a folder, or a config (*.py)')
    convert.add_argument('out', type=Path, metavar='TO', help='the new folder')
    convert.add_argument('--to', required=True, metavar='FORMAT', help='voc, coco or yolo')
    convert.add_argument(
        '--from', dest='origin', metavar='FORMAT', help='of the folder; found out by default'
    )
    convert.add_argument(
        '--images',
        choices=('link', 'copy'),
        default='link',
        help='link: hard links, which take no room, and an image that is changed in place is '
        'changed in both folders; copy: files of their own. Default: %(default)s',
    )
    convert.add_argument(
        '--classes',
        nargs='+',
        metavar='NAME',
        help='in label order; by default that of the source, and of a VOC folder without '
        'classes.txt the alphabet',
    )
    convert.add_argument(
        '--fractions',
        action='store_true',
        help='voc only: write parts of pixels, where VOC means whole ones',
    )
    convert.add_argument(
        '--drop-ignored', action='store_true', help='leave out difficult objects and crowds'
    )
    convert.set_defaults(body=body)


def body(arguments: argparse.Namespace) -> int:
    """Convert, and say what was kept and what was not; returns the exit code."""
    from mmholdout.runner.convert import Conversion, convert

    how = Conversion(
        to=arguments.to,
        origin=arguments.origin,
        images=arguments.images,
        fractions=arguments.fractions,
        drop_ignored=arguments.drop_ignored,
        classes=arguments.classes,
    )
    done = convert(arguments.source, arguments.out, how)
    for text in done.reports:
        say(text)
    say(f'{done.source} to {arguments.to}: {arguments.source} to {arguments.out}')
    for split, pictures in done.collection.splits.items():
        objects = sum(len(picture.things) for picture in pictures)
        empty = sum(not picture.things for picture in pictures)
        say(f'  {split}: {len(pictures)} images, {objects} objects, {empty} images without any')
    say(f'  classes: {", ".join(done.collection.classes)}')
    say(f'  {done.rounding}')
    if done.dropped:
        say(f'  left out (--drop-ignored): {done.dropped} difficult objects and crowds')
    for loss in done.losses:
        say(f'  not kept: {loss}')
    kind = 'hard links to those of the source' if arguments.images == 'link' else 'copies'
    say(f'  images: {kind}')
    say('read back: images, classes and boxes are as said above')
    return 0
