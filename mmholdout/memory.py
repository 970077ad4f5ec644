"""What becomes of memory that a step has freed."""

from __future__ import annotations

import ctypes
import os

# Of glibc's malloc.h.
M_TRIM_THRESHOLD = -1
M_MMAP_MAX = -4
SETTINGS = ('MALLOC_MMAP_MAX_', 'MALLOC_MMAP_THRESHOLD_', 'MALLOC_TRIM_THRESHOLD_')


def keep_freed_memory() -> bool:
    """Let this process keep what it frees instead of handing it back to the system.

    A training step allocates and frees the same large tensors again and again. glibc gets those
    of 32 MiB and more from the system each time, which fills them with zeros page by page: 10 to
    20 % of a step on a CPU. The process's memory does not shrink any more until it ends, and its
    peak grows by the gaps between tensors.

    Returns:
        Whether it was done: not without glibc, and not where the user set any of `SETTINGS` or
        GLIBC_TUNABLES of malloc.
    """
    if not _has_glibc():
        return False
    if any(name in os.environ for name in SETTINGS):
        return False
    if 'glibc.malloc' in os.environ.get('GLIBC_TUNABLES', ''):
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return bool(mallopt(M_MMAP_MAX, 0) and mallopt(M_TRIM_THRESHOLD, -1))


def drop_inherited_memory() -> bool:
    """In a forked worker: give back what the run had freed before the fork, and not yet used again.

    The run will. What a worker still holds of it then, the system copies first, page by page, and
    both have it: SSD300's processes took twice the memory.

    Returns:
        Whether there was any.
    """
    return _has_glibc() and bool(ctypes.CDLL(None).malloc_trim(0))


def _has_glibc() -> bool:
    return 'CS_GNU_LIBC_VERSION' in getattr(os, 'confstr_names', {})
