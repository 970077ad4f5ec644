"""Exit codes: 0 done, 2 the user's mistake, 130 / 143 interrupted, 1 a defect."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from mmholdout.errors import UserError
from mmholdout.history.interruption import Interrupted


def run(body: Callable[[list[str] | None], int | None], argv: list[str] | None = None) -> int:
    """Call a command's body and turn what it raises into an exit code and one message.

    A defect keeps its traceback (Python's own, exit code 1).
    """
    try:
        return body(argv) or 0
    except UserError as error:
        print(f'error: {error}', file=sys.stderr)
        return error.exit_code
    except Interrupted as stop:
        print(stop, file=sys.stderr)
        return stop.exit_code
    except KeyboardInterrupt:
        print('interrupted', file=sys.stderr)
        return 130
    except BrokenPipeError:  # `... | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
