"""Has imported everything, and forks a process for each request: a start takes no seconds.

One JSON request a line on the standard input, one JSON reply a line on the standard output.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import job
import matplotlib.pyplot  # noqa: F401 - imported late by what is used here
import parts  # noqa: F401 - registers
import torch._dynamo  # noqa: F401 - likewise
from states import crash_states, seen, store, unsynced_renames

from mmholdout.runner.train import train

LIMIT = 120  # seconds for one process


def main() -> None:
    """Serve until the input ends."""
    replies = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    warm = False
    for line in sys.stdin:
        request = json.loads(line)
        if not warm and 'argv' in request:
            train(request['argv'][0], device='cpu', dry_run=True)
            warm = True
            gc.freeze()
        if 'states_of' in request:
            reply = _states(request)
        else:
            pid = os.fork()
            if pid == 0:
                replies.close()
                os._exit(job.in_child(request))  # Python's own end takes seconds after a fork
            reply = _wait(pid, request)
        replies.write(json.dumps(reply) + '\n')
        replies.flush()


def _states(request: dict[str, Any]) -> dict[str, Any]:
    operations = pickle.loads(Path(request['states_of']).read_bytes())  # noqa: S301 - our own
    return {
        'states': store(crash_states(operations, request['first']), Path(request['store_in'])),
        'unsynced_renames': unsynced_renames(operations),
        'seen': seen(operations),
    }


def _wait(pid: int, request: dict[str, Any]) -> dict[str, Any]:
    """`code` is negative for a signal, as in subprocess; `pid` is the session's number too."""
    began = time.perf_counter()
    kill_after = request.get('kill_after')
    killed = False
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        seconds = time.perf_counter() - began
        if done:
            code = os.waitstatus_to_exitcode(status)
            return {'pid': pid, 'code': code, 'seconds': seconds}
        if kill_after is not None and seconds > kill_after and not killed:
            os.kill(pid, signal.SIGKILL)
            killed = True
        if seconds > LIMIT:
            os.killpg(pid, signal.SIGKILL)
        time.sleep(0.002)


if __name__ == '__main__':
    main()
