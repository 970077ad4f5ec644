"""`prepare_data priors`: prior boxes that fit the training split of a config."""

from __future__ import annotations

import argparse
from typing import Any

from mmholdout.cli.say import say


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    priors = commands.add_parser(
        'priors',
        help='propose prior boxes that fit the training boxes of a config',
        description='Propose sizes and ratios of prior boxes for SSD, YOLOv3, RetinaNet and RPN '
        "heads by k-means and a search, and print each class's fit before and after, and lines "
        'to paste into a child config. Reads annotations of the training split; writes nothing.',
    )
    priors.add_argument('config', metavar='CONFIG', help='a Python config file')
    priors.add_argument(
        '--cfg-options', nargs='+', metavar='K=V', default=[], help='e.g. data_root=path/to/folder'
    )
    priors.set_defaults(body=body)


def body(arguments: argparse.Namespace) -> int:
    """Print the proposal; returns the exit code."""
    from mmholdout.config.check import check
    from mmholdout.config.load import load
    from mmholdout.config.translate import translate
    from mmholdout.runner.parts import build_dataset
    from mmholdout.runner.prior_fit import propose_priors

    loaded = load(arguments.config, arguments.cfg_options)
    words = translate(loaded.cfg)
    check(loaded, words)
    dataset = build_dataset(words['train_dataloader']['dataset'])
    say(propose_priors(words, dataset).text.rstrip())
    return 0
