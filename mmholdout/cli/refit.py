"""`tools/refit.py`: a finished run once more, on train and val together."""

from __future__ import annotations

import argparse

from mmholdout.cli import exit as exit_codes


def parser() -> argparse.ArgumentParser:
    """The arguments; nothing heavy is imported for --help."""
    p = argparse.ArgumentParser(
        prog='refit.py',
        description='Train on train and val together, with the number of epochs and the rates that '
        'validation chose in a finished run. Nothing is validated; the model is for one test.',
    )
    p.add_argument('run', metavar='WORK_DIR', help='the folder of the finished run')
    p.add_argument('--work-dir', '--out', metavar='D', help='default: <WORK_DIR>_refit')
    p.add_argument(
        '--resume',
        nargs='?',
        const='last',
        metavar='CKPT|auto',
        help='continue the refit: from its last state, from CKPT, or, with "auto", if there is one',
    )
    p.add_argument('--device', metavar='D', help='cpu, cuda, cuda:1; default: cuda if there is one')
    p.add_argument('--dry-run', action='store_true', help='check everything, print the plan, stop')
    return p


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    from mmholdout.runner.refit import refit

    refit(
        args.run,
        out=args.work_dir,
        resume=args.resume,
        device=args.device,
        dry_run=args.dry_run,
    )
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
