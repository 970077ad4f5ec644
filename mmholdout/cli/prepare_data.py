"""`prepare_data`: make data ready for training; one file `prepare_<command>.py` per command."""

from __future__ import annotations

import argparse

from mmholdout.cli import (
    prepare_check,
    prepare_convert,
    prepare_priors,
    prepare_sample,
    prepare_split,
    prepare_stand_in,
    prepare_stats,
    prepare_voc,
)
from mmholdout.cli.exit import run

COMMANDS = (
    prepare_sample,
    prepare_voc,
    prepare_stand_in,
    prepare_split,
    prepare_check,
    prepare_convert,
    prepare_stats,
    prepare_priors,
)


def main(argv: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    return run(_body, argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='prepare_data', description='Make data ready.')
    commands = parser.add_subparsers(dest='command', required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def _body(argv: list[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    code: int = arguments.body(arguments)
    return code
