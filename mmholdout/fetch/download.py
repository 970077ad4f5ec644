"""Download a file: resumed where it broke off, checked, and whole or not there at all."""

from __future__ import annotations

import errno
import itertools
import os
import re
import shutil
import socket
import time
import urllib.error
import uuid
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mmholdout.errors import UserError
from mmholdout.fetch.connection import get
from mmholdout.fetch.digest import Digest

TIMEOUT = 30.0  # seconds without a byte
CHUNK = 1 << 18
ATTEMPTS = 4  # in a row that bring nothing new
MOST_ATTEMPTS = 100
MOST_BYTES = 1 << 33
WAIT = 1.0  # seconds before the second attempt, doubled for each further one
PATIENT = (408, 425, 429, 500, 502, 503, 504)

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where known


class DownloadError(UserError):
    """A file cannot be had; what has come of it stays for the next attempt."""


class WrongDigestError(DownloadError):
    """What came is not the file that was meant; it has been removed."""


def download(
    url: str,
    target: Path,
    digest: Digest | None = None,
    *,
    progress: Progress | None = None,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write the file at `url` to `target`; a file that is there is replaced.

    With a digest the bytes go to `<target>.part`, which stays after a failure and after Ctrl-C,
    and the next attempt goes on from it (HTTP Range). Without one every attempt starts afresh,
    because nothing would show that the file has changed meanwhile.

    Raises:
        DownloadError: no connection, an error of the server, a full disk, more than `most_bytes`.
        WrongDigestError: twice, the second time from the start.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if digest is None:
        part = target.with_name(f'{target.name}.{uuid.uuid4().hex[:8]}.part')
        try:
            _fetch_all(url, part, progress, most_bytes, resumable=False)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return
    lock = target.with_name(target.name + '.lock')
    try:
        with FileLock(lock, timeout=0):
            part = target.with_name(target.name + '.part')
            try:
                _fetch_checked(url, part, digest, progress, most_bytes)
                part.replace(target)
            finally:
                with suppress(OSError):  # Windows removes no file that is in use
                    lock.unlink()
    except Timeout as error:
        raise DownloadError(f'another process is downloading {target}') from error


def _fetch_checked(
    url: str, part: Path, digest: Digest, progress: Progress | None, most_bytes: int
) -> None:
    while True:
        resumed = _size(part) > 0
        _fetch_all(url, part, progress, most_bytes, resumable=True)
        wrong = digest.differs(part)
        if wrong is None:
            return
        part.unlink()
        if not resumed:
            raise WrongDigestError(f'{url} is not the file that was meant: {wrong}')


def _fetch_all(
    url: str, part: Path, progress: Progress | None, most_bytes: int, *, resumable: bool
) -> None:
    failures = 0
    for attempt in itertools.count(1):
        before = _size(part) if resumable else 0
        try:
            _fetch(url, part, before, progress, most_bytes)
        except (OSError, HTTPException, ValueError) as error:
            failures = 1 if resumable and _size(part) > before else failures + 1
            if failures >= ATTEMPTS or attempt >= MOST_ATTEMPTS or not _may_pass(error, attempt):
                held = _size(part) if resumable else 0
                kept = f'; {part} keeps {held} bytes of it for the next attempt' if held else ''
                raise DownloadError(
                    f'{url} cannot be downloaded: {_reason(error)}{kept}'
                ) from error
            time.sleep(WAIT * 2 ** (failures - 1))
        else:
            return


class _UnusableError(ValueError):
    """An answer that another attempt would not change."""


def _fetch(url: str, part: Path, have: int, progress: Progress | None, most_bytes: int) -> None:
    """One request; goes on from the `have` bytes that `part` holds, where the server can."""
    try:
        response = get(url, {'Range': f'bytes={have}-'} if have else {}, TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not have:
            raise
        error.close()
        if (error.headers.get('Content-Range') or '').strip() == f'bytes */{have}':
            return  # all of it is there
        part.unlink()  # longer than the file, or of another one
        raise OSError('what was there did not belong to it') from error
    with response:
        if response.headers.get('Content-Encoding', 'identity') not in ('', 'identity'):
            raise _UnusableError('the server compresses it although it was asked not to')
        start = _start(response, have)
        total = _total(response, start)
        if (total or 0) > most_bytes:
            raise _UnusableError(
                f'it has {total} bytes, more than the {most_bytes} expected at most'
            )
        _require_space(part, (total or 0) - start)
        with part.open('r+b' if start else 'wb') as file:
            file.seek(start)
            got = _copy(response, file, start, total, progress, most_bytes)
            file.flush()
            os.fsync(file.fileno())
    if total is not None and got != total:
        raise OSError(f'the connection ended after {got} of {total} bytes')


def _start(response: Any, have: int) -> int:
    """Where the body belongs; 0 where the server ignores what was asked for."""
    if response.status != 206:
        return 0
    found = re.match(r'bytes (\d+)-', response.headers.get('Content-Range') or '')
    if not found or int(found[1]) != have:
        raise _UnusableError(
            f'the server sent another part of it ({found[0] if found else "unnamed"})'
        )
    return have


def _total(response: Any, start: int) -> int | None:
    length = response.headers.get('Content-Length') or ''
    return start + int(length) if length.isdecimal() else None


def _require_space(part: Path, wanted: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if wanted > free:
        raise OSError(errno.ENOSPC, f'{wanted} bytes are to come, {free} are free on that disk')


def _copy(
    response: Any,
    file: Any,
    start: int,
    total: int | None,
    progress: Progress | None,
    most_bytes: int,
) -> int:
    done = start
    while chunk := response.read1(CHUNK):
        done += len(chunk)
        if done > most_bytes:
            raise _UnusableError(f'it does not end after {most_bytes} bytes')
        file.write(chunk)
        if progress:
            progress(done, total)
    file.truncate()
    return done


def _may_pass(error: Exception, attempt: int) -> bool:
    reason = getattr(error, 'reason', None)
    if attempt == 1 and isinstance(reason, socket.gaierror | ConnectionRefusedError):
        return False  # no network, or no server
    if isinstance(error, urllib.error.HTTPError):
        return error.code in PATIENT
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EACCES, errno.EDQUOT):
        return False
    return not isinstance(error, ValueError)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _reason(error: Exception) -> str:
    reason = error.reason if type(error) is urllib.error.URLError else error
    return ' '.join(str(reason).split()) or type(error).__name__
