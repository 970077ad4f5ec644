"""Unpack an archive: plain files inside the folder, within limits, or nothing."""

from __future__ import annotations

import lzma
import re
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from mmholdout.errors import DataError

MOST_BYTES = 1 << 34
MOST_FILES = 1_000_000
_CHUNK = 1 << 20
_DAMAGE = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, ValueError, RuntimeError),
)

Progress = Callable[[int, int], None]  # files so far, files in all


@contextmanager
def unpacked(
    archive: Path,
    beside: Path,
    *,
    progress: Progress | None = None,
    most_bytes: int = MOST_BYTES,
    most_files: int = MOST_FILES,
) -> Iterator[Path]:
    """Yield a new folder with the content of a .tar or .zip; it is removed at the end.

    What is wanted of it is moved out by rename, so that a reader never sees half of it. Members
    are looked at before the first is written: only files and folders with plain relative names,
    no two of them the same place on a disk that ignores capitals. This is stricter than
    `tarfile.data_filter`, which lets links pass and changes what it does not like. Compressed
    tars are refused: how much they unpack to does not show beforehand.

    Args:
        archive: the file.
        beside: an existing folder on the disk on which the content is wanted.
        progress: is called after each file.
        most_bytes: of all files together, unpacked.
        most_files: of them.

    Raises:
        DataError: it is damaged, too large, or holds a link, a device or a name that leads out
            of the folder. Nothing is left behind.
    """
    folder = Path(tempfile.mkdtemp(prefix='.unpack-', dir=beside))
    try:
        try:
            with _opened(archive) as members:
                _check(archive, members, most_bytes, most_files, shutil.disk_usage(folder).free)
                for number, member in enumerate(members, 1):
                    member.write(folder)
                    if progress:
                        progress(number, len(members))
        except _DAMAGE as error:
            raise DataError(f'{archive} is damaged or no archive: {error}') from error
        except OSError as error:
            raise DataError(f'{archive} cannot be unpacked: {error}') from error
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Member:
    """A file or folder of an archive."""

    def __init__(self, name: str, kind: str, size: int, read: Callable[[], IO[bytes]]) -> None:
        self.name, self.kind, self.size, self.read = name, kind, size, read

    def write(self, folder: Path) -> None:
        goal = folder.joinpath(*PurePosixPath(self.name).parts)
        if self.kind == 'folder':
            goal.mkdir(parents=True, exist_ok=True)
            return
        goal.parent.mkdir(parents=True, exist_ok=True)
        left = self.size
        with self.read() as source, goal.open('xb') as file:
            while left and (chunk := source.read(min(_CHUNK, left))):
                file.write(chunk)
                left -= len(chunk)
            if left or source.read(1):
                raise ValueError(f'{self.name!r} has another length than the archive says')


@contextmanager
def _opened(archive: Path) -> Iterator[list[_Member]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            yield [_from_zip(opened, info) for info in opened.infolist()]
    else:
        with tarfile.open(archive, 'r:') as opened_tar:
            yield [_from_tar(opened_tar, info) for info in opened_tar]


def _from_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> _Member:
    kind = 'folder' if info.isdir() else 'file' if info.isreg() else 'link or device'
    return _Member(info.name, kind, info.size, lambda: cast(IO[bytes], archive.extractfile(info)))


def _from_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    mode = stat.S_IFMT(info.external_attr >> 16)
    kind = 'folder' if info.is_dir() else 'file' if mode in (0, stat.S_IFREG) else 'link or device'
    name = getattr(info, 'orig_filename', info.filename)  # zipfile cuts at a NUL
    return _Member(name, kind, info.file_size, lambda: archive.open(info))


def _check(
    archive: Path, members: list[_Member], most_bytes: int, most_files: int, free: int
) -> None:
    problems = [f'{m.name!r} is a {m.kind}' for m in members if m.kind not in ('file', 'folder')]
    problems += [f'{m.name!r} would lead out of the folder' for m in members if leads_out(m.name)]
    places: set[str] = set()
    for member in members:
        place = str(PurePosixPath(member.name)).casefold()
        if member.kind == 'file' and place in places:
            problems.append(f'{member.name!r} is in it twice, capitals apart')
        places.add(place)
    size = sum(m.size for m in members if m.kind == 'file')
    for what, number, most in (('bytes', size, most_bytes), ('files', len(members), most_files)):
        if number > most:
            problems.append(f'it would unpack to {number} {what}; at most {most} are expected')
    if size > free and not problems:
        problems.append(f'it would unpack to {size} bytes, and {free} are free on that disk')
    if problems:
        more = f'; and {len(problems) - 5} more' if len(problems) > 5 else ''
        raise DataError(f'{archive} was not unpacked: {"; ".join(problems[:5])}{more}')


def leads_out(name: str) -> bool:
    """Whether a name is anything but a plain path below a folder, on any system.

    Absolute paths, `..`, backslashes, drive letters, control characters.
    """
    path = PurePosixPath(name)
    return (
        not name
        or path.is_absolute()
        or '..' in path.parts
        or '\\' in name
        or re.match(r'[A-Za-z]:', name) is not None
        or any(ord(char) < 32 or ord(char) == 127 for char in name)
    )
