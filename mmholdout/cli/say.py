"""Printing of text that may hold names from outside."""

from __future__ import annotations

import sys
from typing import TextIO

from mmholdout.report.inert import inert


def say(text: object, stream: TextIO | None = None) -> None:
    r"""Print to a terminal that must neither obey nor fail.

    Class and file names can hold escape sequences, which are shown (`\x1b[31m`), and characters
    that the terminal's encoding lacks, which are written as escapes. Lines stay lines.

    Args:
        text: one line or several.
        stream: by default `sys.stdout`.
    """
    stream = sys.stdout if stream is None else stream
    encoding = getattr(stream, 'encoding', None) or 'utf-8'
    shown = inert(str(text), keep='\n')
    print(shown.encode(encoding, 'backslashreplace').decode(encoding), file=stream)
