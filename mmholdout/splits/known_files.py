"""SHA-256 of files, from the cache where a file is as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from mmholdout.splits.digest_cache import read_cache
from mmholdout.splits.image_digests import absolute
from mmholdout.splits.overlap import file_digest
from mmholdout.splits.workers import in_threads


def file_digests(
    paths: Iterable[Path | str],
    cache_path: Path | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, str]:
    """Path -> digest; a file that cannot be read is absent. Nothing is decoded or written.

    Args:
        paths: files.
        cache_path: of `near_duplicates.find`; a digest in it is used where size and time of
            change are the same.
        progress: called in this thread with the numbers of files done and of all.
    """
    known = {} if cache_path is None else read_cache(cache_path).digests

    def one(name: str) -> str | None:
        try:
            stat = Path(name).stat()
            earlier = known.get(absolute(name))
            if earlier and (earlier.size, earlier.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
                return earlier.file
            return file_digest(name)
        except OSError:
            return None

    names = list(dict.fromkeys(map(str, paths)))
    answers = dict(in_threads(one, names, progress))
    return {name: digest for name, digest in answers.items() if digest is not None}
