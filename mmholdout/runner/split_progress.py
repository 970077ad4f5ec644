"""How far the comparison of the splits is, where it takes long; and the way out of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.report.console import Console

_WORDS = {
    'images': 'decoding images to compare the splits',
    'candidates': 'looking for images that resemble each other',
    'pairs': 'looking at pairs that resemble each other',
    'files': 'comparing images with those the run began with',
}
_BAR_AFTER, _LINE_AFTER, _LINE_EVERY = 0.5, 3.0, 30.0  # seconds


class SplitProgress:
    """A bar on a terminal, after half a second; a line elsewhere, after three, then each 30.

    Args:
        console: to tell.
        stop_request: Ctrl-C or SIGTERM, looked at between two images.
        clock: seconds.
    """

    def __init__(
        self,
        console: Console,
        stop_request: StopRequest,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console, self._stop_request, self._clock = console, stop_request, clock
        self._start = clock()
        self._next_line = self._start + _LINE_AFTER

    def __call__(self, what: str, done: int, of: int) -> None:
        """Tell one step.

        Raises:
            Interrupted: the run is to end; nothing of it has been written.
        """
        signum = self._stop_request.pending
        if signum is not None:
            self._console.close()
            raise Interrupted(
                signum,
                'interrupted while the splits were compared; the run has not begun, and there is '
                'no run folder of it. What was computed is kept for the next start.',
            )
        now = self._clock()
        if self._console.live:
            if now >= self._start + _BAR_AFTER:
                self._console.progress(_WORDS[what], done, of)
        elif now >= self._next_line:
            self._next_line = now + _LINE_EVERY
            self._console.say(f'{_WORDS[what]}: {done} of {of}')

    def close(self) -> None:
        """Take the bar away."""
        self._console.close()
