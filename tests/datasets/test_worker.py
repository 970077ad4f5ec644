import os
import signal
import time

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
