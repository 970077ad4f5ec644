"""`prepare_data stats`: what a set holds, as a table and as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mmholdout.cli.say import say


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    stats = commands.add_parser(
        'stats',
        help='count classes, sizes and shapes of objects',
        description='Print, for each split of a folder (voc, coco or yolo) or of a config, the '
        'objects of each class, sizes and aspect ratios of boxes, and objects in an image; draw '
        'them with --picture. Three numbers such as 1 / 4 / 9 are the 5th, 50th and 95th '
        'percentile. The test split is read as data only: nothing is measured on it.',
    )
    stats.add_argument('source', type=Path, metavar='CONFIG_or_FOLDER')
    stats.add_argument(
        '--from', dest='origin', metavar='FORMAT', help='of a folder; found out by default'
    )
    stats.add_argument('--picture', type=Path, metavar='FILE', help='draw it (.png)')
    stats.add_argument(
        '--cfg-options', nargs='+', metavar='K=V', default=[], help='e.g. data_root=path/to/folder'
    )
    stats.set_defaults(body=body)


def body(arguments: argparse.Namespace) -> int:
    """Print, and draw where it is asked; returns the exit code."""
    from mmholdout.errors import ConfigError
    from mmholdout.report.data_stats import stats_text
    from mmholdout.runner.data_stats import data_stats

    picture = arguments.picture
    if picture is not None and (picture.suffix.lower() != '.png' or not picture.parent.is_dir()):
        raise ConfigError(f'--picture needs a .png file in a folder that is there, got {picture}')
    found = data_stats(
        arguments.source, format_name=arguments.origin, options=arguments.cfg_options
    )
    for text in found.reports:
        say(text)
    say(stats_text(found.classes, found.splits))
    say('a / b / c: 5th, 50th and 95th percentile')
    if picture is not None:
        from mmholdout.report.data_picture import draw_stats

        draw_stats(found.classes, found.splits, picture, str(arguments.source))
        say(f'drawn: {picture}')
    return 0
