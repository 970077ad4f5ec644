"""`tools/check_config.py`: everything wrong with a config, or the plan of its run."""

from __future__ import annotations

import argparse

from mmholdout.cli import exit as exit_codes
from mmholdout.cli.say import say


def parser() -> argparse.ArgumentParser:
    """The arguments; nothing heavy is imported for --help."""
    p = argparse.ArgumentParser(
        prog='check_config.py',
        description='Check a config and print the plan of its run; nothing is trained or written.',
    )
    p.add_argument('config', metavar='CONFIG', help='a Python config file')
    p.add_argument('--no-data', action='store_true', help='do not read the data set')
    p.add_argument(
        '--cfg-options', nargs='+', metavar='K=V', default=[], help='e.g. evaluation.interval=2'
    )
    return p


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    import gc

    gc.disable()  # a short process that imports much: collecting is a fifth of its time
    try:
        _check(args)
    finally:
        gc.unfreeze()
        gc.enable()
    return 0


def _check(args: argparse.Namespace) -> None:
    from mmholdout.config.check import check
    from mmholdout.config.load import load
    from mmholdout.config.refit import as_refit
    from mmholdout.config.translate import translate

    loaded = load(args.config, args.cfg_options)
    words = translate(loaded.cfg)
    notices = check(loaded, words)
    words = as_refit(words)
    import gc

    from mmholdout.runner.plan import describe

    gc.freeze()  # mmengine collects at each data set: not what has been imported until now
    say(describe(words, with_data=not args.no_data))
    for notice in notices:
        say(f'note: {notice}')


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
