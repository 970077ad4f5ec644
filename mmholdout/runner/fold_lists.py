"""The lists of a fold, which `prepare_data.py split --folds` writes and `--fold` reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mmholdout.config.fold import HELD_IN_FOLDS, fold_list
from mmholdout.datasets.voc_lists import read_ids
from mmholdout.errors import DataError
from mmholdout.runner.parts import Words, leaves
from mmholdout.splits.listed import listed

_NAME = re.compile(r'fold(\d+)_(train|val)\.txt')


def lists_of_folds(folder: Path) -> dict[Path, int]:
    """Every list of a fold in a folder, and the number of its fold."""
    if not folder.is_dir():
        return {}
    found = ((path, _NAME.fullmatch(path.name)) for path in sorted(folder.iterdir()))
    return {path: int(match[1]) for path, match in found if match}


def write_folds(folder: Path, parts: Iterable[Iterable[str]]) -> list[Path]:
    """The texts of all lists: fold k has part k for val and the other parts for train."""
    from mmholdout.history.atomic import write_text

    sets = [sorted(part) for part in parts]
    written = []
    for number, val in enumerate(sets):
        train = sorted(i for other, part in enumerate(sets) if other != number for i in part)
        for split, ids in (('train', train), ('val', val)):
            path = folder / fold_list(number, split)
            write_text(path, ''.join(f'{i}\n' for i in ids))
            written.append(path)
    return written


def require_fold(words: Words) -> None:
    """Check that the lists of the configured fold are there, and are those of one draw.

    Args:
        words: translated.

    Raises:
        DataError: which folds there are, and how to draw them; or the folds overlap.
    """
    fold = words.get('fold')
    if fold is None:
        return
    folders: dict[Path, str] = {}  # of lists, and what they are relative to
    for split in HELD_IN_FOLDS:
        for leaf in leaves(words[f'{split}_dataloader']['dataset']):
            root, given = str(leaf.get('data_root') or ''), leaf.get('ann_file')
            for name in given if isinstance(given, list | tuple) else [given]:
                folders.setdefault((Path(root) / str(name)).parent, root)
    problems = [problem for folder in folders for problem in _lacking(folder, fold)]
    if problems:
        raise DataError(problems)


def _lacking(folder: Path, fold: int) -> list[str]:
    there = lists_of_folds(folder)
    missing = [
        name for split in HELD_IN_FOLDS if not (folder / (name := fold_list(fold, split))).is_file()
    ]
    if missing:
        numbers = sorted(set(there.values()))
        known = (
            f'there are folds {listed([str(n) for n in numbers])}'
            if numbers
            else 'there are no folds. Draw them with: python tools/prepare_data.py split FOLDER '
            '--folds 5'
        )
        return [f'fold {fold}: {folder} has no {" and no ".join(missing)}; {known}']
    seen: dict[str, int] = {}
    for path, number in there.items():
        if path.name != fold_list(number, 'val'):
            continue
        for image_id in read_ids(path):
            if seen.setdefault(image_id, number) != number:
                return [
                    f'{image_id} is in val of fold {seen[image_id]} and of fold {number} in '
                    f'{folder}: these are not the folds of one draw. Draw them anew with --force'
                ]
    return []
