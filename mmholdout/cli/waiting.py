"""How threads wait for each other."""

from __future__ import annotations

import os

SPIN_COUNT = '1000'  # turns; GNU OpenMP's own is 300,000 where threads and cores are equally many
_OF_THE_USER = ('GOMP_SPINCOUNT', 'OMP_WAIT_POLICY')


def wait_without_spinning() -> None:
    """Let OpenMP's threads sleep soon where they wait, so that loader workers get the core.

    Torch computes with as many threads as there are cores, and the workers of the loaders need
    cores besides. A thread that spins for another one which a worker has displaced keeps that core
    busy, and everything waits: on two cores, beside one other busy process, a training step of
    SSDLite took 1.5 s with spinning and 0.95 s without; alone there was no difference. To be
    called before torch is imported, which loads OpenMP; what the user has set stays.
    """
    if not any(name in os.environ for name in _OF_THE_USER):
        os.environ['GOMP_SPINCOUNT'] = SPIN_COUNT
