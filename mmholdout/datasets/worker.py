"""What a loader's worker process does at its start."""

from __future__ import annotations

import os
import signal
from types import FrameType

import cv2
import torch

GRACE_SECONDS = 20  # for the main process to save; nobody waits for a worker longer
_sigterms = 0


def start_worker(_worker_id: int = 0) -> None:
    """One thread a worker, and no part in the run's signals.

    Ctrl-C and SIGTERM often go to the whole process group. A worker that died of them would
    take the main process along before it has saved. So Ctrl-C is ignored here, and so is the
    first SIGTERM for a while; a second, from torch or Python at their end, is obeyed at once.
    """
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _second_one_ends)


def _second_one_ends(_signum: int, _frame: FrameType | None) -> None:
    global _sigterms
    _sigterms += 1
    if _sigterms == 1:
        if hasattr(signal, 'alarm'):  # not on Windows
            signal.alarm(GRACE_SECONDS)
    else:
        os._exit(0)  # another code makes torch raise in the main process, at its very end
