"""`tools/test.py`: the one number on the test split."""

from __future__ import annotations

import argparse

from mmholdout.cli import exit as exit_codes


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    p = argparse.ArgumentParser(
        prog='test.py', description='Measure one checkpoint on the test split, once, on record.'
    )
    p.add_argument('config', metavar='CONFIG', help='the config that the run was trained with')
    p.add_argument('checkpoint', metavar='CHECKPOINT', help='say, .../checkpoints/best_model.pth')
    p.add_argument('--work-dir', metavar='D', help="default: the checkpoint's run folder")
    p.add_argument('--again', metavar='REASON', help='why the test split is used once more')
    p.add_argument('--device', metavar='D', help='cpu, cuda, cuda:1; default: cuda if there is one')
    p.add_argument('--cfg-options', nargs='+', metavar='K=V', default=[])
    return p


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    from mmholdout.runner.test import test

    test(
        args.config,
        args.checkpoint,
        options=args.cfg_options,
        work_dir=args.work_dir,
        again=args.again,
        device=args.device,
    )
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
