"""Ctrl-C and SIGTERM as a request that the training loop answers at a safe point."""

from __future__ import annotations

import signal
from types import FrameType


class Interrupted(Exception):  # noqa: N818 - it is not an error
    """The run was asked to stop and has saved its state.

    Args:
        signum: the signal, 2 (Ctrl-C) or 15 (SIGTERM).
        advice: how to go on.
    """

    def __init__(self, signum: int, advice: str) -> None:
        self.signum = signum
        self.exit_code = 128 + signum
        super().__init__(advice)


class StopRequest:
    """Notes the first SIGINT or SIGTERM; a second one acts at once, as without us.

    Use as a context manager around a run. `pending` is the signal's number or None. Outside
    the main thread, where Python allows no handlers, nothing is installed.
    """

    def __init__(self) -> None:
        self.pending: int | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> StopRequest:
        for signum in (signal.SIGINT, signal.SIGTERM):
            try:
                self._before[signum] = signal.signal(signum, self._note)
            except ValueError:
                break
        return self

    def __exit__(self, *_: object) -> None:
        for signum, handler in self._before.items():
            signal.signal(signum, handler)  # type: ignore[arg-type]
        self._before.clear()

    def _note(self, signum: int, _frame: FrameType | None) -> None:
        if self.pending is not None:
            raise KeyboardInterrupt
        self.pending = signum
