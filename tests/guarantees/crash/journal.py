"""Every operation of a process on the files of one folder, in order, with what it wrote.

Runs inside the process that is watched. What is seen: files opened through Python (`open`, `io`,
`pathlib`, `os.open`), each write as it reaches the system (Python's buffers are above it), sync,
truncate, rename, link, unlink, mkdir. What is not: files that C++ opens by name. `Journal.check`
compares the folder with what the journal says is in it, so that nothing is missed in silence.
"""

from __future__ import annotations

import builtins
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Operation = tuple[Any, ...]


class Journal:
    """Operations as tuples; paths are relative to the folder, files have numbers.

    ('create', path, file), ('write', file, offset, bytes), ('truncate', file, size),
    ('sync', file), ('rename', old, new), ('unlink', path), ('mkdir', path), ('read', path),
    ('event', name).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder).absolute()
        self.operations: list[Operation] = []
        self.unseen: list[str] = []
        self.fail: Callable[[Operation], None] = lambda operation: None
        self._files: dict[str, int] = {}  # path -> number
        self._sizes: dict[int, int] = {}
        self._handles: dict[int, int] = {}  # file descriptor -> number
        self._count = 0
        self._pid = os.getpid()
        for path in sorted(p for p in self.folder.rglob('*') if p.is_file()):
            data = path.read_bytes()
            file = self.opened(str(path.relative_to(self.folder)), 0)
            self.wrote(file, 0, data)
            self.note('sync', file)

    def inside(self, path: Any) -> str | None:
        """The path relative to the folder, None for what is not in it."""
        if not isinstance(path, str | bytes | os.PathLike):
            return None
        full = Path(os.fsdecode(path)).absolute()
        return str(full.relative_to(self.folder)) if full.is_relative_to(self.folder) else None

    def note(self, *operation: Any) -> None:
        """Before the operation happens; may raise what the system would."""
        if os.getpid() == self._pid:  # not in a loader's worker
            self.fail(operation)
            self.operations.append(operation)

    def event(self, name: str) -> None:
        """A moment of the run; a good one to look at the disk."""
        self.note('event', name)
        self.check()

    def opened(self, path: str, flags: int) -> int:
        """The number of a file that is about to be opened for writing."""
        if path not in self._files:
            self.note('create', path, self._count + 1)
            self._count += 1
            self._files[path] = self._count
            self._sizes[self._count] = 0
        elif flags & os.O_TRUNC:
            self.truncated(self._files[path], 0)
        return self._files[path]

    def wrote(self, file: int, offset: int, data: bytes) -> None:
        self.note('write', file, offset, data)
        self._sizes[file] = max(self._sizes[file], offset + len(data))

    def truncated(self, file: int, size: int) -> None:
        self.note('truncate', file, size)
        self._sizes[file] = size

    def renamed(self, old: str, new: str) -> None:
        self.note('rename', old, new)
        self._files[new] = self._files.pop(old)

    def unlinked(self, path: str) -> None:
        self.note('unlink', path)
        self._files.pop(path, None)

    def check(self) -> None:
        """Note what is in the folder and not in the journal, or the reverse."""
        if os.getpid() != self._pid:
            return
        real = {
            str(path.relative_to(self.folder)): path.stat().st_size
            for path in self.folder.rglob('*')
            if path.is_file()
        }
        known = {path: self._sizes[file] for path, file in self._files.items()}
        if real != known:
            different = sorted({path for path, _ in real.items() ^ known.items()})
            self.unseen.append(f'after operation {len(self.operations)}: {different}')

    # --- instead of Python's own --------------------------------------------------------------

    def watch(self) -> None:
        """From now on."""
        self.note('event', 'start')  # above it is what the folder held
        plain = {name: getattr(os, name) for name in _WATCHED}
        plain_open = io.open

        def traced_open(file: Any, mode: str = 'r', buffering: int = -1, *args: Any, **kw: Any):
            path = self.inside(file)
            if path is None:
                return plain_open(file, mode, buffering, *args, **kw)
            if not set(mode) & set('wax+'):
                self.note('read', path)
                return plain_open(file, mode, buffering, *args, **kw)
            if 'r' in mode:
                self.note('read', path)
            raw = _File(self, file, path, mode)
            return _layers(raw, mode, buffering, *args, **kw)

        def os_open(path: Any, flags: int, *args: Any, **kw: Any) -> int:
            name = self.inside(path)
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            number = self.opened(name, flags) if name is not None and writes else None
            handle = plain['open'](path, flags, *args, **kw)
            if number is not None:
                self._handles[handle] = number
            return handle

        def os_close(handle: int) -> None:
            self._handles.pop(handle, None)
            plain['close'](handle)

        def os_write(handle: int, data: Any) -> int:
            if handle in self._handles:
                number = self._handles[handle]
                offset = os.lseek(handle, 0, os.SEEK_CUR)
                self.wrote(number, offset, bytes(data))
            return plain['write'](handle, data)

        def sync(handle: Any) -> None:
            handle = handle if isinstance(handle, int) else handle.fileno()
            if handle in self._handles:
                self.note('sync', self._handles[handle])
            plain['fsync'](handle)

        def rename(name: str) -> Callable[..., None]:
            def renaming(old: Any, new: Any, **kw: Any) -> None:
                pair = self.inside(old), self.inside(new)
                if pair[0] is not None and pair[1] is not None:
                    self.renamed(*pair)
                plain[name](old, new, **kw)

            return renaming

        def unlink(path: Any, **kw: Any) -> None:
            name = self.inside(path)
            if name is not None and (self.folder / name).exists():
                self.unlinked(name)
            plain['unlink'](path, **kw)

        def mkdir(path: Any, *args: Any, **kw: Any) -> None:
            name = self.inside(path)
            if name is not None and not (self.folder / name).exists():
                self.note('mkdir', name)
            plain['mkdir'](path, *args, **kw)

        io.open = builtins.open = traced_open
        os.open, os.close, os.write = os_open, os_close, os_write
        os.fsync = os.fdatasync = sync
        os.replace, os.rename = rename('replace'), rename('rename')
        os.unlink = os.remove = unlink
        os.mkdir = mkdir
        shutil._USE_CP_SENDFILE = False  # which copies inside the system, unseen


_WATCHED = ('open', 'close', 'write', 'fsync', 'replace', 'rename', 'unlink', 'mkdir')


class _File(io.FileIO):
    """What a buffered file of Python writes to."""

    def __init__(self, journal: Journal, file: Any, path: str, mode: str) -> None:
        truncates = os.O_TRUNC if 'w' in mode else 0
        if 'x' in mode and Path(file).exists():
            raise FileExistsError(file)
        if 'r' in mode and not Path(file).exists():
            raise FileNotFoundError(file)
        self._journal, self._number = journal, journal.opened(path, truncates)
        super().__init__(file, mode.replace('b', '').replace('t', ''))
        self._appends = 'a' in mode
        journal._handles[self.fileno()] = self._number

    def write(self, data: Any) -> int:
        data = bytes(data)
        offset = os.fstat(self.fileno()).st_size if self._appends else self.tell()
        self._journal.wrote(self._number, offset, data)
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        size = self.tell() if size is None else size
        self._journal.truncated(self._number, size)
        return super().truncate(size)

    def close(self) -> None:
        if not self.closed:
            self._journal._handles.pop(self.fileno(), None)
        super().close()


def _layers(
    raw: _File,
    mode: str,
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    **_: Any,
) -> Any:
    """The layers that `open` puts on a raw file."""
    if buffering == 0:
        return raw
    size = buffering if buffering > 1 else max(os.fstat(raw.fileno()).st_blksize, 8192)
    buffered = io.BufferedRandom(raw, size) if '+' in mode else io.BufferedWriter(raw, size)
    if 'b' in mode:
        return buffered
    return io.TextIOWrapper(buffered, encoding, errors, newline, line_buffering=buffering == 1)
