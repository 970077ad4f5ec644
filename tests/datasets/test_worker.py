import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import pytest
import torch
from torch.utils.data import DataLoader

from mmholdout.datasets.worker import start_worker


class SlowPids:
    def __len__(self):
        return 40

    def __getitem__(self, index):
        time.sleep(0.02)
        return os.getpid()


@pytest.mark.parametrize('signum', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_group_does_not_end_a_worker(signum):
    loader = DataLoader(SlowPids(), batch_size=1, num_workers=1, worker_init_fn=start_worker)
    seen = []
    for number, pid in enumerate(loader):
        if number == 1:
            os.kill(int(pid), signum)
        seen.append(int(pid))
    assert len(seen) == 40


def test_the_second_sigterm_does():
    loader = DataLoader(SlowPids(), batch_size=1, num_workers=1, worker_init_fn=start_worker)
    # Which of the two depends on whether the worker dies before or while it hands over.
    with pytest.raises((RuntimeError, ConnectionError), match=r'exited unexp|killed by|reset by'):
        for number, pid in enumerate(loader):
            if number < 2:
                os.kill(int(pid), signal.SIGTERM)
                time.sleep(0.05)


def test_one_thread_a_worker():
    class Threads(SlowPids):
        def __getitem__(self, index):
            return torch.get_num_threads()

    loader = DataLoader(Threads(), num_workers=1, worker_init_fn=start_worker)
    assert set(torch.cat(list(loader)).tolist()) == {1}


@pytest.mark.skipif(sys.platform != 'linux', reason='only Linux ends a child with its parent')
def test_a_run_that_is_killed_takes_its_workers_along():
    told, tells = os.pipe()
    run = os.fork()
    if not run:
        loader = DataLoader(SlowPids(), num_workers=2, worker_init_fn=start_worker)
        for pid in loader:
            os.write(tells, int(pid).to_bytes(4, 'big'))
            time.sleep(60)
    worker = int.from_bytes(os.read(told, 4), 'big')
    os.kill(run, signal.SIGKILL)
    os.waitpid(run, 0)
    until = time.monotonic() + 2  # torch's own check comes every five seconds
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(worker)


def alive(pid):
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='needs fork')
def test_a_worker_whose_run_is_already_gone_ends_at_once(monkeypatch):
    class Gone:
        pid = -1

    monkeypatch.setattr(multiprocessing, 'parent_process', Gone)
    child = os.fork()
    if not child:
        start_worker()
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
