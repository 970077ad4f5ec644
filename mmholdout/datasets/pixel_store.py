"""Decoded images in memory that all workers of a loader share, up to a number of bytes."""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mmholdout.errors import ConfigError

_ENTRY = struct.Struct('=16s3q')  # digest of the key, offset, height, width
_CHANNELS = 3


class PixelStore:
    """Keeps what is put first, and lets nothing go.

    An epoch in random order reads every image once: a cache that replaced its entries would hit
    less, not more.

    The pixels lie in a file without a name, which the system removes with the last process that
    has it, however that ends. Forked workers share it. It grows as images come; the bytes of an
    image are whole before its entry is written, both under a lock that ends with its process.

    Args:
        max_bytes: of pixels; at least 1.
        folder: for the file; None keeps it in memory (Linux), or in the system's folder for
            temporary files, whose content the system keeps in memory as far as there is room.

    Raises:
        ConfigError: `folder` cannot be written to, or the platform cannot share such a file.
    """

    def __init__(self, max_bytes: int, folder: str | None = None) -> None:
        if os.name != 'posix':
            raise ConfigError('images cannot be cached on this platform: its workers do not fork')
        self._max_bytes = max_bytes
        try:
            self._pixels, self._entries = (_nameless(folder) for _ in range(2))
            os.ftruncate(self._pixels, max_bytes)  # a size, not yet any memory
            self._map = mmap.mmap(self._pixels, max_bytes, prot=mmap.PROT_READ)
        except OSError as error:
            place = folder or 'memory'
            raise ConfigError(
                f'{max_bytes} bytes of images cannot be cached in {place}: {error.strerror}'
            ) from error
        self._known: dict[bytes, tuple[int, int, int]] = {}
        self._read = 0  # bytes of entries
        self._used = 0
        self._full = False

    def get(self, key: str) -> np.ndarray | None:
        """(height, width, 3), uint8, not to be written to; None: not kept."""
        digest = _digest(key)
        if digest not in self._known:
            with self._locked():
                self._catch_up()
        return self._view(digest)

    def put(self, key: str, pixels: np.ndarray) -> np.ndarray:
        """Keep (height, width, 3), uint8, where there is room; gives it as `get` does, or back.

        A disk that is full is said once; then nothing more is kept.
        """
        if self._full or pixels.nbytes > self._max_bytes - self._used:
            return pixels
        digest = _digest(key)
        with self._locked():
            self._catch_up()
            fits = pixels.nbytes <= self._max_bytes - self._used
            if digest not in self._known and fits:
                try:
                    _write(self._pixels, np.ascontiguousarray(pixels).data.cast('B'), self._used)
                    entry = _ENTRY.pack(digest, self._used, *pixels.shape[:2])
                    _write(self._entries, memoryview(entry), self._read)
                except OSError as error:
                    self._full = True
                    warnings.warn(
                        f'no more images are cached: {error.strerror}', RuntimeWarning, stacklevel=2
                    )
                else:
                    self._catch_up()
        kept = self._view(digest)
        return pixels if kept is None else kept

    def __len__(self) -> int:
        with self._locked():
            self._catch_up()
        return len(self._known)

    def __del__(self) -> None:
        for name in ('_pixels', '_entries'):
            if name in self.__dict__:  # it need not have been made to the end
                os.close(self.__dict__.pop(name))

    def __deepcopy__(self, memo: dict[int, Any]) -> PixelStore:
        return self  # a second one would take the memory twice

    def __reduce__(self) -> Any:
        raise ConfigError(
            'cached images are shared with workers that are forked, and these are not: set '
            'num_workers=0, or use LoadImageFromFile instead of CachedImages'
        )

    def _view(self, digest: bytes) -> np.ndarray | None:
        if digest not in self._known:
            return None
        offset, height, width = self._known[digest]
        shape = (height, width, _CHANNELS)
        return np.ndarray(shape, np.uint8, buffer=self._map, offset=offset)

    def _catch_up(self) -> None:
        """Entries that other processes have written; one that was cut off is written over."""
        size = os.fstat(self._entries).st_size
        whole = size - size % _ENTRY.size
        if whole == self._read:
            return
        content = os.pread(self._entries, whole - self._read, self._read)
        for digest, offset, height, width in _ENTRY.iter_unpack(content):
            self._known[digest] = (offset, height, width)
            self._used = offset + height * width * _CHANNELS
        self._read = whole

    @contextmanager
    def _locked(self) -> Iterator[None]:
        import fcntl  # not there on Windows

        # Of POSIX's two kinds the one that belongs to a process: workers share the descriptor.
        fcntl.lockf(self._entries, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._entries, fcntl.LOCK_UN)


def _nameless(folder: str | None) -> int:
    if folder is None and hasattr(os, 'memfd_create'):
        return os.memfd_create('mmholdout-images')
    with tempfile.TemporaryFile(dir=folder) as file:
        return os.dup(file.fileno())


def _digest(key: str) -> bytes:
    return hashlib.blake2b(os.fsencode(key), digest_size=16).digest()


def _write(file: int, content: memoryview, offset: int) -> None:
    while content:
        count = os.pwrite(file, content, offset)
        content, offset = content[count:], offset + count
