"""`tools/verify_run.py`: whether a run is still what it wrote, and its numbers follow."""

from __future__ import annotations

import argparse

from mmholdout.cli import exit as exit_codes
from mmholdout.cli.say import say


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    p = argparse.ArgumentParser(
        prog='verify_run.py',
        description='Check a run against its digests, the test ledger and the data, and compute '
        'its recorded metrics again from stored predictions. Writes nothing.',
    )
    p.add_argument('work_dir', metavar='WORK_DIR', help='a run folder')
    p.add_argument('--data-root', metavar='D', help='where the data are now')
    p.add_argument('--config', metavar='F', help="a config in place of the folder's config.py")
    return p


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    from mmholdout.errors import VerificationError
    from mmholdout.runner.verify import verify_run

    found = verify_run(args.work_dir, data_root=args.data_root, config=args.config)
    say(found.text())
    if found.problems:
        raise VerificationError(found.problems)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
