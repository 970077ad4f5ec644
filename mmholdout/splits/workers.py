"""A function over many items in threads; OpenCV and hashlib let go of the interpreter lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import cv2

Item = TypeVar('Item')
Answer = TypeVar('Answer')


def in_threads(
    function: Callable[[Item], Answer],
    items: Sequence[Item],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[Item, Answer]]:
    """Each item with its answer, in the given order, computed on all cores of this process.

    OpenCV's own threads rest meanwhile: one per core is enough.

    Args:
        function: called in a thread of the pool.
        items: what it is called with.
        progress: called in this thread with the numbers of items done and of all.
    """
    own = cv2.getNumThreads()
    cv2.setNumThreads(1)
    pool = ThreadPoolExecutor(cores())
    try:
        for done, (item, answer) in enumerate(
            zip(items, pool.map(function, items), strict=True), 1
        ):
            yield item, answer
            if progress is not None:
                progress(done, len(items))
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C nothing more is begun
        cv2.setNumThreads(own)


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
