"""`digests.json`: the SHA-256 of every file that a run wrote, and of that list itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mmholdout.errors import RunFolderError
from mmholdout.history.atomic import write_text

NAME = 'digests.json'
WRITTEN = (
    'config.py',
    'history.jsonl',
    'summary.json',
    'splits.json',
    'separation.json',
    'annotations.json',
    'val_predictions.npz',
    'curves.png',
    'near_duplicates.png',
    'train.log',
    'test.json',
    'test_config.py',
    'test_annotations.json',
    'test_predictions.npz',
)
_CHECKPOINTS = 'checkpoints/*.pth'
_CHUNK = 1 << 16  # most annotation files are smaller, and a larger buffer costs more than they


def sha256_of(path: Path | str) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with Path(path).open('rb', buffering=0) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def files_of_run(folder: Path) -> list[str]:
    """Names of the files there that a run writes, relative, with '/' on every system."""
    numbered = sorted(path.relative_to(folder).as_posix() for path in folder.glob(_CHECKPOINTS))
    return [name for name in WRITTEN if (folder / name).is_file()] + numbered


def record_run(folder: Path) -> None:
    """Write `digests.json` over all files of a finished run."""
    _write(folder, {name: sha256_of(folder / name) for name in files_of_run(folder)})


@contextmanager
def rewriting(folder: Path, names: Sequence[str]) -> Iterator[list[str]]:
    """Around the writing of some files after the run has ended: they are on record again after it.

    They are taken out of the record first: where the writer dies they are not on record, instead
    of seeming to have been changed. What the record says of other files stays as it is, so that
    nothing that was changed in the meantime passes for what the run wrote. A run without a record
    has not ended, and one whose record was changed is not mended: both are left as they are.

    Yields:
        What the user should know.
    """
    try:
        known = _known(folder)
    except RunFolderError as error:
        yield [str(error)]
        return
    if known is None:
        yield []
        return
    rest = {name: digest for name, digest in known.items() if name not in names}
    if rest != known:
        _write(folder, rest)
    yield []
    here = {name: sha256_of(folder / name) for name in names if (folder / name).is_file()}
    if here or rest:
        _write(folder, rest | here)


def read_digests(folder: Path) -> dict[str, str] | None:
    """Name -> SHA-256; None where there is no record.

    Raises:
        RunFolderError: not exactly the bytes that were written.
    """
    path = folder / NAME
    if not path.exists():
        return None
    try:
        data = path.read_bytes()
        files: dict[str, str] = json.loads(data)['files']
        intact = data == _text(files).encode()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        intact = False
    if not intact:
        raise RunFolderError(
            f'{path} was changed after it was written (its content and its hash disagree), so it '
            'proves nothing about the other files'
        )
    return files


def _known(folder: Path) -> dict[str, str] | None:
    """As `read_digests`; a folder in which nothing was trained begins with an empty record."""
    known = read_digests(folder)
    trained = any((folder / name).exists() for name in ('config.py', 'history.jsonl'))
    return known if known is not None or trained else {}


def _write(folder: Path, files: dict[str, str]) -> None:
    write_text(folder / NAME, _text(files))


def _text(files: dict[str, str]) -> str:
    listed = json.dumps(files, sort_keys=True)
    own = hashlib.sha256(listed.encode()).hexdigest()
    return json.dumps({'files': files, 'hash': own}, sort_keys=True, indent=1) + '\n'
