"""`tools/report.py`: what a run folder tells, without torch."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mmholdout.cli import exit as exit_codes
from mmholdout.cli.say import say


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    p = argparse.ArgumentParser(
        prog='report.py', description='Print the validations of a run and draw its curves again.'
    )
    p.add_argument(
        'work_dir',
        metavar='WORK_DIR',
        help='a run folder, or the folder above the folds of a config',
    )
    return p


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    from mmholdout.history.run_digests import rewriting
    from mmholdout.report.run_report import run_report
    from mmholdout.splits.test_uses import sentences_about_test

    folder = Path(args.work_dir)
    if _say_folds(folder):
        return 0
    with rewriting(folder, ['curves.png']) as note:
        say(run_report(folder, **_watched(folder)))
    for line in [*note, *sentences_about_test(folder)]:
        say(line)
    return 0


def _say_folds(folder: Path) -> bool:
    """Report on the folds below a folder; False where there are none, or it holds a run itself."""
    from mmholdout.report.fold_report import fold_report
    from mmholdout.runner.fold_results import fold_folders, read_fold_results

    if (folder / 'history.jsonl').exists() or not fold_folders(folder):
        return False
    say(fold_report(*read_fold_results(folder)))
    return True


def _watched(folder: Path) -> dict[str, Any]:
    """What the run was told to measure and watch; summary.json's monitor comes first."""
    from mmholdout.config.watched import direction_of, watched_by
    from mmholdout.report.summary import read_summary

    watched = watched_by(folder / 'config.py')
    words: dict[str, Any] = {} if watched is None else asdict(watched)
    if (folder / 'summary.json').is_file():
        monitor = read_summary(folder / 'summary.json').monitor
        if monitor is not None:
            words['monitor'], words['mode'] = direction_of(monitor)
    return words


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
