from __future__ import annotations

import signal
import threading

import pytest

from mmholdout.history.interruption import Interrupted, StopRequest


@pytest.mark.parametrize(('signum', 'exit_code'), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_is_noted_and_the_second_acts(signum, exit_code):
    with StopRequest() as request:
        assert request.pending is None
        signal.raise_signal(signum)
        assert request.pending == signum
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signum)
    assert Interrupted(request.pending, 'resume with --resume').exit_code == exit_code


@pytest.mark.parametrize('signum', [signal.SIGINT, signal.SIGTERM])
def test_the_handlers_before_are_put_back_even_after_an_exception(signum):
    before = signal.getsignal(signum)
    with pytest.raises(RuntimeError), StopRequest():
        assert signal.getsignal(signum) != before
        raise RuntimeError
    assert signal.getsignal(signum) == before


def test_outside_the_main_thread_nothing_is_installed():
    found = []
    before = signal.getsignal(signal.SIGINT)

    def enter():
        with StopRequest() as request:
            found.append((request.pending, signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert found == [(None, before)]


def test_it_says_how_to_go_on_and_which_signal_it_was():
    interrupted = Interrupted(2, 'continue with --resume')
    assert str(interrupted) == 'continue with --resume'
    assert interrupted.signum == 2
