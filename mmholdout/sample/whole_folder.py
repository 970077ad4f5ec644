"""A rendered set: there completely or not at all, and never in place of anything else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from mmholdout.errors import DataError
from mmholdout.sample import manifest


class Outcome(Enum):
    """What `write_whole` did."""

    WRITTEN = 'written'
    PRESENT = 'present'
    REPLACED = 'replaced'


def write_whole(
    folder: Path,
    seed: int,
    counts: dict[str, int],
    render: Callable[[Path, int, dict[str, int]], None],
    *,
    force: bool = False,
) -> Outcome:
    """Render a set into `folder`, or leave the identical set that is there.

    Args:
        folder: made with its parents.
        seed: >= 0.
        counts: images of each split, >= 1; with the seed, they say which set it is.
        render: fills the folder that it is given, from seed and counts alone.
        force: replace another rendered set; never any other folder.

    Raises:
        DataError: `folder` holds something else, or an argument is out of range.
    """
    problems = [f'the {n} split needs 1 image or more, got {c}' for n, c in counts.items() if c < 1]
    if seed < 0:
        problems.append(f'the seed must be 0 or more, got {seed}')
    if problems:
        raise DataError(problems)
    folder = folder.expanduser().resolve()
    before = _inspect(folder, seed, counts, force)
    if before is Outcome.PRESENT:
        return before
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f'.{folder.name}-', dir=folder.parent))
    try:
        fresh = scratch / 'new'
        render(fresh, seed, counts)
        manifest.Manifest(seed, counts, manifest.digest(fresh)).write(fresh)
        _exchange(fresh, folder, scratch / 'old')
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return before


def _exchange(fresh: Path, folder: Path, old: Path) -> None:
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise


def _inspect(folder: Path, seed: int, counts: dict[str, int], force: bool) -> Outcome:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return Outcome.WRITTEN
    found = manifest.read(folder) if folder.is_dir() else None
    if found is None:
        raise DataError(
            f'{folder} is no sample set (no {manifest.FILE_NAME}) and is left alone: '
            'name another folder with --out'
        )
    intact = found.digest == manifest.digest(folder)
    if intact and found.same_request(seed, counts):
        return Outcome.PRESENT
    if force:
        return Outcome.REPLACED
    state = (
        f'holds another sample set (seed {found.seed}, {_listed(found.counts)} images, '
        f'version {found.version})'
        if intact
        else 'holds a sample set whose files have been changed'
    )
    raise DataError(f'{folder} {state}: replace it with --force, or name another with --out')


def _listed(counts: dict[str, int]) -> str:
    return ', '.join(f'{count} {split}' for split, count in counts.items())
