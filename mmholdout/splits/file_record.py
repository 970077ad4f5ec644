"""The files that a split was read from, each with its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mmholdout.errors import RunFolderError
from mmholdout.history.atomic import write_text
from mmholdout.history.run_digests import sha256_of

Digests = dict[str, str]  # name of a file within its data -> SHA-256


def digest_files(files: Mapping[str, Path]) -> Digests:
    """Read each file once; one that cannot be read is left out.

    Args:
        files: name within the data -> where it is now.
    """
    found: Digests = {}
    for name, path in files.items():
        with suppress(OSError):
            found[name] = sha256_of(path)
    return found


def combined(digests: Mapping[str, str]) -> str:
    """One SHA-256 for all of them, whatever their order."""
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def write_file_record(path: Path, splits: Mapping[str, Mapping[str, str]]) -> None:
    """Write for each split its `digest` and its `files`, and a `hash` of all; no date, no place."""
    write_text(path, _text(splits))


def read_file_record(path: Path) -> dict[str, Digests]:
    """Split -> name -> digest.

    Raises:
        RunFolderError: missing, or not exactly what was written.
    """
    try:
        data = path.read_bytes()
        stored = json.loads(data)['splits']
        splits: dict[str, Digests] = {split: one['files'] for split, one in stored.items()}
        intact = data == _text(splits).encode()
    except FileNotFoundError:
        raise RunFolderError(f'there is no {path}') from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RunFolderError(f'{path} is not a readable record of files: {error!r}') from error
    if not intact:
        raise RunFolderError(f'{path} was changed after it was written: its digests disagree')
    return splits


def differences(recorded: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """One sentence for each file that is not as it was recorded."""
    return [
        f'{name} is {_now(name, recorded, now)}'
        for name in sorted(recorded.keys() | now.keys())
        if recorded.get(name) != now.get(name)
    ]


def _now(name: str, recorded: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in now:
        return 'missing'
    if name not in recorded:
        return 'new: it was not there when the files were recorded'
    return f'not what it was: sha256 {now[name][:12]}, recorded {recorded[name][:12]}'


def _text(splits: Mapping[str, Mapping[str, str]]) -> str:
    record: dict[str, Any] = {
        'splits': {
            split: {'digest': combined(files), 'files': dict(files)}
            for split, files in splits.items()
        },
        'hash': combined({split: combined(files) for split, files in splits.items()}),
    }
    return json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + '\n'
