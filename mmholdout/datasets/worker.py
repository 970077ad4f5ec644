"""What a loader's worker process does at its start."""

from __future__ import annotations

import multiprocessing
import os
import signal
from types import FrameType

import cv2
import torch
from torch.multiprocessing import _prctl_pr_set_pdeathsig as _die_with_parent

from mmholdout.memory import drop_inherited_memory

GRACE_SECONDS = 20  # for the main process to save; nobody waits for a worker longer
_sigterms = 0


def start_worker(_worker_id: int = 0) -> None:
    """One thread a worker, no part in the run's signals, no life after it.

    Ctrl-C and SIGTERM often go to the whole process group. A worker that died of them would
    take the main process along before it has saved. So Ctrl-C is ignored here, and so is the
    first SIGTERM for a while; a second, from torch or Python at their end, is obeyed at once.
    """
    _end_with_the_run()
    drop_inherited_memory()
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _second_one_ends)


def _end_with_the_run() -> None:
    """Also where the run is killed outright (on Linux; elsewhere torch's own check must do).

    That one sees within five seconds that a worker's parent is another than at its start, and
    so never sees that the run was killed while it started the worker.
    """
    _die_with_parent(signal.SIGKILL)
    run = multiprocessing.parent_process()
    if run is not None and run.pid != os.getppid():
        os._exit(0)


def _second_one_ends(_signum: int, _frame: FrameType | None) -> None:
    global _sigterms
    _sigterms += 1
    if _sigterms == 1:
        if hasattr(signal, 'alarm'):  # not on Windows
            signal.alarm(GRACE_SECONDS)
    else:
        os._exit(0)  # another code makes torch raise in the main process, at its very end
