"""The runs of the folds of one config, read from their folders."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

from mmholdout.config.differences import differences
from mmholdout.config.dump import read_dump
from mmholdout.errors import RunFolderError, UserError
from mmholdout.report.fold_report import FoldResult
from mmholdout.report.summary import read_summary
from mmholdout.splits.listed import listed
from mmholdout.splits.record import read_splits

_NAME = re.compile(r'fold_(\d+)')
_OWN = ('fold', 'work_dir')  # what the configs of two folds may say differently


def fold_folders(folder: Path) -> dict[int, Path]:
    """The run folders of the folds below a folder, by number."""
    if not folder.is_dir():
        return {}
    found = ((path, _NAME.fullmatch(path.name)) for path in sorted(folder.iterdir()))
    runs = {int(match[1]): path for path, match in found if match and path.is_dir()}
    return {number: runs[number] for number in sorted(runs)}


def read_fold_results(folder: Path) -> tuple[list[FoldResult], list[str]]:
    """Results of the folds, and sentences about what speaks against reading them as one set.

    Args:
        folder: above `fold_0`, `fold_1`, ....

    Raises:
        RunFolderError: no folds there, or a damaged file.
    """
    folders = fold_folders(folder)
    if not folders:
        raise RunFolderError(f'{folder} holds no folds (fold_0, fold_1, ...)')
    results = [_result(number, path) for number, path in folders.items()]
    ended = [one.number for one in results if one.counts]
    splits = {n: _splits(folders[n]) for n in ended}
    configs = {n: _config(folders[n]) for n in ended}
    return results, [*_of_lists(splits), *_of_configs(configs)]


def _result(number: int, path: Path) -> FoldResult:
    if not (path / 'summary.json').is_file():
        return FoldResult(number)
    summary = read_summary(path / 'summary.json')
    return FoldResult(
        number,
        summary.monitor,
        summary.best,
        summary.best_epoch,
        summary.stopped_epoch,
        summary.stop_reason,
    )


def _splits(path: Path) -> dict[str, Any]:
    return read_splits(path / 'splits.json')


def _config(path: Path) -> dict[str, Any]:
    try:
        cfg = read_dump(path / 'config.py')
    except UserError as error:
        raise RunFolderError(error.problems) from error
    return {key: value for key, value in cfg.items() if key not in _OWN}


def _of_lists(splits: dict[int, dict[str, Any]]) -> list[str]:
    """Whether these are the folds of one draw: each image in val once."""
    notes = []
    held = {n: {str(i) for i in one['val']['ids']} for n, one in splits.items()}
    for first, second in combinations(held, 2):
        if both := held[first] & held[second]:
            notes.append(
                f'folds {first} and {second} share {len(both)} val images '
                f'({listed(sorted(both))}): they are not of one draw'
            )
    tests = {one['test']['digest'] for one in splits.values() if 'test' in one}
    if len(tests) > 1:
        notes.append('the folds do not have one test split')
    everything = {
        str(i) for one in splits.values() for split in ('train', 'val') for i in one[split]['ids']
    }
    never = everything - {i for ids in held.values() for i in ids}
    if never:
        notes.append(
            f'{len(never)} of {len(everything)} images are in val of none of these folds: not all '
            'folds have been trained, or filter_cfg has left images out'
        )
    return notes


def _of_configs(configs: dict[int, dict[str, Any]]) -> list[str]:
    notes = []
    numbers = list(configs)
    for number in numbers[1:]:
        lines = differences(configs[numbers[0]], configs[number])
        if lines:
            notes.append(
                f'fold {number} was trained with another config than fold {numbers[0]}: '
                f'{listed(lines, "; ")}'
            )
    return notes
