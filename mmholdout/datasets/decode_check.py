"""Whether the pixels of images can be had, found out by decoding them."""

from __future__ import annotations

import multiprocessing
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import cv2
import numpy as np

from mmholdout.datasets.image_header import read_header
from mmholdout.errors import DataError

MOST_WORKERS = 4
# Bytes between two headers. Before a marker d0..d9, which stand among the pixels, it is another
# matter: the decoder had lost its place.
HARMLESS = re.compile(r'extraneous bytes before marker 0x(?!d\d)')


@dataclass(frozen=True)
class Decoded:
    """How decoding went; all sentences name the file, '' means that there is nothing to say.

    `unreadable`: training would fail on it. `damaged`: it gives pixels, some of them wrong.
    `remark`: the decoder complained of something that costs no pixel.
    """

    path: str
    unreadable: str = ''
    damaged: str = ''
    remark: str = ''


def decode(path: str | Path) -> Decoded:
    """Decode one file as `LoadImageFromFile` does: OpenCV, three channels.

    JPEG's decoder fills what it cannot read with grey and says so on the process's standard
    error only. In a process of `decode_all`, that is read too.
    """
    path = str(path)
    try:
        header = read_header(path)
        data = Path(path).read_bytes()
    except DataError as error:
        return Decoded(path, unreadable=str(error))
    except OSError as error:
        return Decoded(path, unreadable=f'{path}: cannot be read: {error.strerror}')
    _said()
    pixels = _pixels(data)
    said = _said()
    if pixels is None:
        return Decoded(path, unreadable=f'{path}: no readable image: OpenCV cannot decode it')
    height, width = pixels.shape[:2]
    if (width, height) != (header.width, header.height):
        size = f'{header.width}x{header.height}'
        return Decoded(path, unreadable=f'{path}: its header says {size}, OpenCV {width}x{height}')
    if said:
        sentence = f'{path}: {said}'
        return Decoded(path, **{'remark' if HARMLESS.search(said) else 'damaged': sentence})
    return Decoded(path)


def decode_all(paths: Sequence[str], workers: int | None = None) -> Iterator[Decoded]:
    """Decode files in processes of their own, in the given order.

    Args:
        paths: of images.
        workers: processes; by default one for each core, at most four.
    """
    workers = workers or min(MOST_WORKERS, os.cpu_count() or 1)
    # A forked process has everything imported already.
    kind = 'fork' if 'fork' in multiprocessing.get_all_start_methods() else None
    context = multiprocessing.get_context(kind)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_listen) as pool:
        try:
            yield from pool.map(decode, paths, chunksize=max(1, min(16, len(paths) // workers)))
        except BaseException:  # the reader has stopped: what waits is not decoded
            pool.shutdown(cancel_futures=True)
            raise


def _pixels(data: bytes) -> np.ndarray | None:
    try:
        pixels: np.ndarray | None = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return pixels


_heard: IO[bytes] | None = None


def _listen() -> None:
    """From now on this process's standard error is a file that `_said` reads."""
    global _heard
    _heard = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - open until the process ends
    os.dup2(_heard.fileno(), 2)
    cv2.setNumThreads(0)  # not 1: that would wait for the parent's threads, which are not here


def _said() -> str:
    """What was written since the last call, in one line."""
    if _heard is None:
        return ''
    _heard.seek(0)
    words = _heard.read()
    _heard.seek(0)
    _heard.truncate()
    return ' '.join(words.decode(errors='replace').split())
