"""What is remembered of each image to find its copies, computed on all cores, then cached."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mmholdout.errors import DataError
from mmholdout.splits.local_words import Words, local_words
from mmholdout.splits.perceptual_hash import Hashes, window_hashes
from mmholdout.splits.pixels import decode, working_grey
from mmholdout.splits.workers import in_threads

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class ImageDigest:
    """One image.

    Attributes:
        size: of the file in bytes.
        mtime_ns: its time of change; with `size` it tells whether the file must be read again.
        file: SHA-256 of its bytes, hexadecimal.
        pixels: SHA-256 of shape and pixels as training decodes them, hexadecimal.
        hashes: uint64 (23,), see `perceptual_hash.window_hashes`.
        words: uint32 (K, 7), see `local_words.local_words`.
    """

    size: int
    mtime_ns: int
    file: str
    pixels: str
    hashes: Hashes
    words: Words


@dataclass(frozen=True)
class Digests:
    """Digests by path as it was given.

    Attributes:
        found: path -> digest.
        unreadable: path -> why it has none.
        computed: how many files were read and decoded; 0 where all came from the cache.
    """

    found: Mapping[str, ImageDigest]
    unreadable: Mapping[str, str]
    computed: int


def digest_images(
    paths: Iterable[Path | str],
    known: Mapping[str, ImageDigest] | None = None,
    progress: Progress | None = None,
    found: dict[str, ImageDigest] | None = None,
) -> Digests:
    """Digest each file once.

    Args:
        paths: image files; repeats are digested once.
        known: digests by absolute path from an earlier run. One is used again where size and
            time of change are the same, or, for a moved or touched file, the bytes.
        progress: called in this thread with the numbers of images done and of all.
        found: is filled, so that nothing is lost where `progress` raises.
    """
    known = known or {}
    names = list(dict.fromkeys(map(str, paths)))
    by_file = {digest.file: digest for digest in known.values()}
    found = {} if found is None else found
    unreadable: dict[str, str] = {}
    computed = 0

    def one(name: str) -> tuple[ImageDigest | None, bool, str]:
        try:
            return *_digest(Path(name), known, by_file), ''
        except (OSError, DataError) as error:
            return None, False, str(error)

    for name, (digest, fresh, reason) in in_threads(one, names, progress):
        if digest is None:
            unreadable[name] = reason
        else:
            found[name] = digest
            computed += fresh
    return Digests(found, unreadable, computed)


def absolute(path: Path | str) -> str:
    """The path from the root; a link stays itself, since it may point elsewhere tomorrow."""
    return str(Path.cwd() / path)


def _digest(
    path: Path, known: Mapping[str, ImageDigest], by_file: Mapping[str, ImageDigest]
) -> tuple[ImageDigest, bool]:
    stat = path.stat()
    earlier = known.get(absolute(path))
    if earlier and (earlier.size, earlier.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        return earlier, False
    data = path.read_bytes()
    file = hashlib.sha256(data).hexdigest()
    if file in by_file:
        return replace(by_file[file], size=stat.st_size, mtime_ns=stat.st_mtime_ns), False
    image = decode(data, path)
    pixels = hashlib.sha256(repr(image.shape).encode())
    pixels.update(image.tobytes())
    grey = working_grey(image)
    return ImageDigest(
        size=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        file=file,
        pixels=pixels.hexdigest(),
        hashes=window_hashes(grey),
        words=local_words(grey),
    ), True
