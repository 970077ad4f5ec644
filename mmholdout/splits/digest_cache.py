"""Digests and verdicts on disk: one file, written whole, ignored where damaged or of old kind."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from mmholdout.history.atomic import replace_with
from mmholdout.splits.alignment import Agreement
from mmholdout.splits.confirm import Verdict
from mmholdout.splits.image_digests import ImageDigest
from mmholdout.splits.known_search import Outcome
from mmholdout.splits.local_words import COLUMNS
from mmholdout.splits.perceptual_hash import WINDOWS

Verdicts = Mapping[tuple[str, str], Verdict | None]

_VERSION = 2  # to be raised whenever a digest, hash, word, candidate or verdict would differ
_MOST = 200_000  # images, and pairs
_SEARCHES = 50


@dataclass(frozen=True)
class Cache:
    """What is known from earlier runs.

    Attributes:
        digests: absolute path -> digest.
        verdicts: pixel digests of two images -> what `confirm` said of them.
        searches: key -> outcome, see `known_search`.
    """

    digests: Mapping[str, ImageDigest] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=dict)
    searches: Mapping[str, Outcome] = field(default_factory=dict)


def read_cache(path: Path | str) -> Cache:
    """The cache; empty where there is none of this version, or a damaged one.

    Nothing is lost by that: everything is computed again.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return _unpacked(arrays)
    except (
        OSError,
        ValueError,
        KeyError,
        IndexError,
        EOFError,
        TypeError,
        AttributeError,  # a file of another kind has no arrays
        RuntimeError,  # an "encrypted" member, that is a flipped bit
        MemoryError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return Cache()


def write_cache(path: Path | str, cache: Cache) -> None:
    """Write the cache; entries used last come last, and of too many the first are dropped.

    Raises:
        OSError: the folder does not exist or cannot be written.
    """
    names = list(cache.digests)[-_MOST:]
    kept = [cache.digests[name] for name in names]
    verdicts = [
        [first, second, None if verdict is None else asdict(verdict)]
        for (first, second), verdict in list(cache.verdicts.items())[-_MOST:]
    ]
    searches = dict([(key, asdict(one)) for key, one in cache.searches.items()][-_SEARCHES:])
    header = {'version': _version(), 'paths': names, 'verdicts': verdicts, 'searches': searches}
    with replace_with(path) as file:
        np.savez(
            file,
            header=np.frombuffer(json.dumps(header).encode(), np.uint8),
            stat=np.array([(d.size, d.mtime_ns) for d in kept], np.int64).reshape(-1, 2),
            files=_bytes([d.file for d in kept]),
            pixels=_bytes([d.pixels for d in kept]),
            hashes=np.array([d.hashes for d in kept], np.uint64).reshape(-1, len(WINDOWS)),
            counts=np.array([len(d.words) for d in kept], np.int64),
            words=np.concatenate([np.zeros((0, COLUMNS), np.uint32), *(d.words for d in kept)]),
        )


def _version() -> list[str]:
    """Decoders differ between versions of OpenCV, by a grey level here and there."""
    return [str(_VERSION), cv2.__version__]


def _bytes(digests: list[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(''.join(digests)), np.uint8).reshape(-1, 32)


def _unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> Cache:
    header = json.loads(arrays['header'].tobytes())
    if header['version'] != _version():
        return Cache()
    ends = np.cumsum(arrays['counts'])
    starts = ends - arrays['counts']
    words, hashes = arrays['words'], arrays['hashes']
    if (words.dtype, hashes.dtype) != (np.dtype(np.uint32), np.dtype(np.uint64)):
        raise ValueError('other types')
    if len(words) != (ends[-1] if len(ends) else 0):
        raise ValueError('torn')
    digests = {
        str(name): ImageDigest(
            size=int(size),
            mtime_ns=int(mtime),
            file=arrays['files'][row].tobytes().hex(),
            pixels=arrays['pixels'][row].tobytes().hex(),
            hashes=hashes[row],
            words=words[starts[row] : ends[row]],
        )
        for row, (name, (size, mtime)) in enumerate(
            zip(header['paths'], arrays['stat'].tolist(), strict=True)
        )
    }
    verdicts = {
        (str(first), str(second)): None if fields is None else _verdict(**fields)
        for first, second, fields in header['verdicts']
    }
    searches = {str(key): _outcome(**fields) for key, fields in header['searches'].items()}
    return Cache(digests, verdicts, searches)


def _outcome(
    pairs: list[list[str]], notes: list[str], candidates: int, unlikely: list[str]
) -> Outcome:
    named = ((str(a), str(b), str(c), str(d)) for a, b, c, d in pairs)
    texts = tuple(map(str, notes)), tuple(map(str, unlikely))
    return Outcome(tuple(named), texts[0], int(candidates), texts[1])


def _verdict(agreement: dict[str, Any], **others: Any) -> Verdict:
    return Verdict(agreement=Agreement(**agreement), **others)
