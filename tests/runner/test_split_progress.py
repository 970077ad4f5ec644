import io

import pytest

from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.report.console import Console
from mmholdout.runner.split_progress import SplitProgress


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_what_is_quick_says_nothing(clock):
    stream = io.StringIO()
    progress = SplitProgress(Console(stream=stream), StopRequest(), clock)
    for done in range(1, 30):
        clock.now = done / 10
        progress('images', done, 30)
    progress.close()
    assert stream.getvalue() == ''


def test_lines_where_there_is_no_terminal(clock):
    stream = io.StringIO()
    progress = SplitProgress(Console(stream=stream), StopRequest(), clock)
    for done in range(1, 71):
        clock.now = float(done)
        progress('images' if done < 40 else 'pairs', done, 70)
    assert stream.getvalue().splitlines() == [
        'decoding images to compare the splits: 3 of 70',
        'decoding images to compare the splits: 33 of 70',
        'looking at pairs that resemble each other: 63 of 70',
    ]


def test_a_bar_on_a_terminal(clock, monkeypatch):
    console, told = Console(stream=io.StringIO(), live=True), []
    monkeypatch.setattr(console, 'progress', lambda *what: told.append(what))
    progress = SplitProgress(console, StopRequest(), clock)
    for done in (1, 2):
        clock.now += 0.4
        progress('candidates', done, 2)
    assert told == [('looking for images that resemble each other', 2, 2)]


@pytest.mark.parametrize(('signum', 'code'), [(2, 130), (15, 143)])
def test_a_request_to_stop_ends_it(clock, signum, code):
    request = StopRequest()
    progress = SplitProgress(Console(stream=io.StringIO()), request, clock)
    progress('files', 1, 9)
    request.pending = signum
    with pytest.raises(Interrupted, match='the run has not begun') as caught:
        progress('files', 2, 9)
    assert caught.value.exit_code == code
