"""`prepare_data check`: every defect in the data of a config, before it costs a run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from mmholdout.cli.say import say


def add_to(commands: Any) -> None:
    """Add the command and its arguments to the subparsers."""
    check = commands.add_parser(
        'check',
        help='read all annotations and decode all images of a config',
        description='Read the annotations and decode the images of train, val and test, and list '
        'every defect with its file, and images that two splits share or that look alike. The '
        'test split is read as data only: nothing is measured on it and no ledger is touched. '
        'Exit code 2 where training or measuring would fail or be wrong.',
    )
    check.add_argument('config', metavar='CONFIG', help='a Python config file')
    check.add_argument(
        '--cfg-options', nargs='+', metavar='K=V', default=[], help='e.g. data_root=path/to/folder'
    )
    check.add_argument(
        '--workers', type=_count, metavar='N', help='processes that decode; default: at most 4'
    )
    check.add_argument(
        '--strict', action='store_true', help='exit code 2 also for what training would mend'
    )
    check.add_argument(
        '--sheet', type=Path, metavar='FILE', help='write pictures of the near-duplicates (.png)'
    )
    check.set_defaults(body=body)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'must be 1 or more, got {text!r}')
    return int(text)


def body(arguments: argparse.Namespace) -> int:
    """Check, and print what was found; returns the exit code."""
    from mmholdout.config.check import check
    from mmholdout.config.load import load
    from mmholdout.config.splits import splits_words
    from mmholdout.config.translate import translate
    from mmholdout.runner.data_check import check_data

    loaded = load(arguments.config, arguments.cfg_options)
    words = translate(loaded.cfg)
    check(loaded, words)
    progress = _progress if sys.stderr.isatty() else None
    checks, report = check_data(words, workers=arguments.workers, progress=progress)
    errors = notices = 0
    for one in checks:
        say(f'{", ".join(one.splits)}: {one.places.subject}, {len(one.images)} images')
        errors += _print('error', one.errors)
        notices += _print('note', one.notices)
        for fact in one.facts:
            say(f'  {fact}')
    rules = splits_words(words)
    allowed = ' (splits.allow_overlap=True)' if rules['allow_overlap'] else ''
    for problem in report.errors:
        say(f'note{allowed}: {problem}' if allowed else f'error: {problem}')
    refused = rules['near_duplicates'] == 'refuse'
    for pair in report.pairs:
        say(f'{"error" if refused else "note"}: near-duplicates: {pair.line()}')
    if arguments.sheet is not None:
        from mmholdout.splits.contact_sheet import write_contact_sheet

        shown = write_contact_sheet(arguments.sheet, report.pairs)
        say(f'{shown} pairs are shown in {arguments.sheet}' if shown else 'no pairs to show')
    for note in report.notes:
        say(f'note: {note}')
    errors += len(report.errors) * (not allowed) + len(report.pairs) * refused
    notices += len(report.errors) * bool(allowed) + len(report.pairs) * (not refused)
    images = len({path for one in checks for path in one.images.values()})
    say(f'{images} images decoded: {errors} errors, {notices} notes')
    return 2 if errors or (arguments.strict and notices) else 0


def _print(what: str, findings: dict[str, list[str]]) -> int:
    for kind, examples in findings.items():
        say(f'  {what}: {kind}{f": {len(examples)}" if examples else ""}'.replace('\n', '\n  '))
        for example in examples:
            say(f'    {example}')
    return sum(max(1, len(examples)) for examples in findings.values())


def _progress(what: str, number: int, of: int) -> None:
    end = '\n' if number == of else ''
    print(f'\r{what}: {number} of {of}', end=end, file=sys.stderr, flush=True)
