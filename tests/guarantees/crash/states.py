"""From a journal: every state in which a crash can leave the folder.

A killed process leaves exactly what its operations had written: the state before each operation,
and for a write also a part of what it wrote. A power cut may besides take back what had not been
synchronised: each such file is then as long as it was at its last sync. (Renames are taken to
reach the disk in order, as they do with a journalling file system.)
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Files = dict[str, bytes]  # path -> content; a folder ends in '/' and has none
# No resumed run opens these for reading, which every resumed run proves once more; so their
# content tells no two states apart.
NEVER_READ = ('.tmp', '.log', '.png')


@dataclass
class State:
    """Files as a crash left them, and when that can happen."""

    files: Files
    labels: list[str] = field(default_factory=list)


def never_read(path: str) -> bool:
    return path.endswith(NEVER_READ)


def crash_states(operations: Iterable[tuple], first: int = 0) -> list[State]:
    """The different ones from an operation on, in the order in which they can first happen."""
    found: dict[str, State] = {}
    for label, files in _all(operations, first):
        state = found.setdefault(_key(files), State(files))
        state.labels.append(label)
    return list(found.values())


def unsynced_renames(operations: Iterable[tuple]) -> list[str]:
    """Files that took another's place before what was written to them was synchronised."""
    disk, found = _Disk(), []
    for operation in operations:
        if operation[0] == 'rename' and disk.names[operation[1]] in disk.unsynced:
            found.append(operation[2])
        disk.apply(operation)
    return found


def seen(operations: Iterable[tuple]) -> list[str]:
    """What kinds of operation there were on which files, and which events."""
    disk, found = _Disk(), {}
    for operation in operations:
        found[f'{operation[0]} {disk.name_of(operation)}'] = None
        disk.apply(operation)
    return list(found)


def store(states: list[State], folder: Path) -> list[dict[str, Any]]:
    """Write each content once; gives each state's labels, and by path the file with its content."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = []
    for state in states:
        files = {}
        for path, content in state.files.items():
            blob = folder / _digest(content)
            if not blob.exists():
                blob.write_bytes(content)
            files[path] = str(blob)
        stored.append({'labels': state.labels, 'files': files})
    return stored


def restore(files: dict[str, str], folder: Path) -> None:
    """Put a stored state into a folder that does not exist."""
    for path, blob in files.items():
        target = folder / path
        if path.endswith('/'):
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(blob, target)


def _all(operations: Iterable[tuple], first: int) -> Iterator[tuple[str, Files]]:
    disk, moment = _Disk(), 'start'
    for number, operation in enumerate(operations):
        kind = operation[0]
        if kind == 'event':
            moment = operation[1]
        if number < first:
            disk.apply(operation)
            continue
        if kind in ('read', 'event'):
            yield moment, disk.files()
            continue
        label = f'{moment}: {kind} {disk.name_of(operation)}'
        yield f'{label}, before', disk.files()
        if kind == 'write':
            for size in sorted({1, len(operation[3]) // 2, len(operation[3]) - 1}):
                if 0 < size < len(operation[3]):
                    yield f'{label}, torn', disk.after_part(operation, size)
        disk.apply(operation)
        if disk.unsynced:
            yield f'{label}, power cut', disk.files(synced_only=True)
    yield 'end', disk.files()


class _Disk:
    """What the folder holds, and how much of it would survive a power cut."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.folders: list[str] = []
        self.content: dict[int, bytes] = {}
        self.synced: dict[int, bytes] = {}
        self.unsynced: set[int] = set()

    def apply(self, operation: tuple) -> None:
        kind, *rest = operation
        if kind == 'create':
            self.names[rest[0]] = rest[1]
            self.content[rest[1]] = self.synced[rest[1]] = b''
        elif kind == 'write':
            file, offset, data = rest
            self.content[file] = _written(self.content[file], offset, data)
            self.unsynced.add(file)
        elif kind == 'truncate':
            self.content[rest[0]] = self.content[rest[0]][: rest[1]]
            self.unsynced.add(rest[0])
        elif kind == 'sync':
            self.synced[rest[0]] = self.content[rest[0]]
            self.unsynced.discard(rest[0])
        elif kind == 'rename':
            self.names[rest[1]] = self.names.pop(rest[0])
        elif kind == 'unlink':
            del self.names[rest[0]]
        elif kind == 'mkdir':
            self.folders.append(rest[0])

    def files(self, *, synced_only: bool = False) -> Files:
        content = self.synced if synced_only else self.content
        folders = {f'{folder}/': b'' for folder in self.folders}
        return folders | {path: content[file] for path, file in self.names.items()}

    def after_part(self, operation: tuple, size: int) -> Files:
        _, file, offset, data = operation
        written = _written(self.content[file], offset, data[:size])
        return {
            path: written if number == file else self.content[number]
            for path, number in self.names.items()
        } | {f'{folder}/': b'' for folder in self.folders}

    def name_of(self, operation: tuple) -> str:
        if operation[0] in ('write', 'truncate', 'sync'):
            operation = (*operation, *(p for p, n in self.names.items() if n == operation[1]))
            return _stem(operation[-1])
        return ' to '.join(_stem(str(part)) for part in operation[1:] if isinstance(part, str))


def _written(content: bytes, offset: int, data: bytes) -> bytes:
    return content[:offset].ljust(offset, b'\0') + data + content[offset + len(data) :]


def _stem(path: str) -> str:
    """Without the random part of a temporary file's name."""
    return re.sub(r'\.[0-9a-f]{8}(?=\.)', '', path) if path.endswith('.tmp') else path


def _key(files: Files) -> str:
    digest = hashlib.sha256()
    for path in sorted(files, key=_stem):
        content = b'' if never_read(path) else files[path]
        digest.update(f'{_stem(path)}\0{_digest(content)}\0'.encode())
    return digest.hexdigest()


_digests: dict[int, tuple[bytes, str]] = {}


def _digest(content: bytes) -> str:
    if id(content) not in _digests:
        _digests[id(content)] = content, hashlib.sha256(content).hexdigest()
    return _digests[id(content)][1]
