"""`tools/train.py`: the whole job from one config."""

from __future__ import annotations

import argparse

from mmholdout.cli import exit as exit_codes


def parser() -> argparse.ArgumentParser:
    """The arguments; nothing heavy is imported for --help."""
    p = argparse.ArgumentParser(
        prog='train.py', description='Train, validate, steer, stop and select from one config.'
    )
    p.add_argument('config', metavar='CONFIG', help='a Python config file')
    p.add_argument('--work-dir', metavar='D', help='default: work_dirs/<config stem>')
    p.add_argument(
        '--resume',
        nargs='?',
        const='last',
        metavar='CKPT|auto',
        help='continue the run in the work dir: from its last state, from CKPT, or, with "auto", '
        'if there is one',
    )
    p.add_argument(
        '--fold',
        type=_fold,
        metavar='K',
        help='train on fold K of `prepare_data.py split --folds`; from 0',
    )
    p.add_argument('--seed', type=int, metavar='N', help='overrides randomness.seed')
    p.add_argument('--device', metavar='D', help='cpu, cuda, cuda:1; default: cuda if there is one')
    p.add_argument(
        '--amp', action='store_true', help='mixed precision: float16 on CUDA, bfloat16 on a CPU'
    )
    p.add_argument(
        '--launcher',
        choices=('none', 'pytorch', 'slurm'),
        default='none',
        help='several processes (not available yet)',
    )
    p.add_argument('--dry-run', action='store_true', help='check everything, print the plan, stop')
    p.add_argument(
        '--cfg-options', nargs='+', metavar='K=V', default=[], help='e.g. evaluation.interval=2'
    )
    return p


def _fold(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'must be the number of a fold, from 0, got {text!r}')
    return int(text)


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    from mmholdout.errors import ConfigError

    if args.launcher != 'none':
        raise ConfigError('--launcher is not available yet: train in one process on one device')
    from mmholdout.runner.train import train

    train(
        args.config,
        options=args.cfg_options,
        work_dir=args.work_dir,
        resume=args.resume,
        seed=args.seed,
        device=args.device,
        amp=args.amp,
        dry_run=args.dry_run,
        fold=args.fold,
    )
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
