"""Exit codes: 0 done, 2 the user's mistake, 130 / 143 interrupted, 1 a defect."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable

from mmholdout.cli.say import say
from mmholdout.cli.waiting import wait_without_spinning
from mmholdout.errors import UserError
from mmholdout.history.interruption import Interrupted


def run(body: Callable[[list[str] | None], int | None], argv: list[str] | None = None) -> int:
    """Call a command's body and turn what it raises into an exit code and one message.

    A defect keeps its traceback (Python's own, exit code 1). Further lines of a message are
    indented, so that a line end in a file name cannot begin a message of its own.
    """
    wait_without_spinning()
    try:
        return body(argv) or 0
    except UserError as error:
        say(re.sub(r'\n(?=\S)', '\n  ', f'error: {error}'), sys.stderr)
        return error.exit_code
    except Interrupted as stop:
        say(stop, sys.stderr)
        return stop.exit_code
    except KeyboardInterrupt:
        print('interrupted', file=sys.stderr)
        return 130
    except BrokenPipeError:  # `... | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
