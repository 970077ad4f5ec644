"""`tools/predict.py`: draw detections on images."""

from __future__ import annotations

import argparse

from mmholdout.cli import exit as exit_codes


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    p = argparse.ArgumentParser(
        prog='predict.py', description='Draw detections on images, from a checkpoint alone.'
    )
    p.add_argument('checkpoint', metavar='CHECKPOINT')
    p.add_argument('images', metavar='IMAGES', nargs='+', help='image files or folders')
    p.add_argument('--out-dir', metavar='D', required=True, help='gets one picture an image')
    kept = p.add_mutually_exclusive_group()
    kept.add_argument(
        '--score-thr', type=float, metavar='X', help='default: the one that validation chose'
    )
    kept.add_argument(
        '--per-class-thr',
        action='store_true',
        help='the threshold of the best F1 of each class, where val has enough of its objects',
    )
    p.add_argument('--device', metavar='D', help='cpu, cuda, cuda:1; default: cuda if there is one')
    return p


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    from mmholdout.runner.predict import predict

    predict(
        args.checkpoint,
        args.images,
        out_dir=args.out_dir,
        score_thr=args.score_thr,
        per_class_thr=args.per_class_thr,
        device=args.device,
    )
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
