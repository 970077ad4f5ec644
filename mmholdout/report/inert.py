"""Text from outside (class names, file names) made harmless for a terminal."""

from __future__ import annotations

import unicodedata


def inert(text: str, max_width: int | None = None, keep: str = '') -> str:
    r"""The text with every control, format and surrogate character written as an escape.

    ANSI sequences, newlines and right-to-left overrides become visible (`\x1b[31m`), so that a
    text can neither move the cursor nor pass for another one.

    Args:
        text: from anywhere.
        max_width: longer than so many columns is cut with an ellipsis; None cuts nothing.
        keep: characters that stay as they are.

    Raises:
        ValueError: `max_width` leaves no room for the ellipsis.
    """
    if max_width is not None and max_width < 1:
        raise ValueError(f'max_width must be 1 or more, got {max_width}')
    safe = ''.join(char if char in keep else _escaped(char) for char in str(text))
    if max_width is None or width(safe) <= max_width:
        return safe
    while width(safe) > max_width - 1:
        safe = safe[: max(0, min(len(safe) - 1, max_width))]
    return safe + '…'


def width(text: str) -> int:
    """Terminal columns: two for wide East Asian characters, none for combining marks."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ('Mn', 'Me'):
        return 0
    return 2 if unicodedata.east_asian_width(char) in 'WF' else 1


def _escaped(char: str) -> str:
    # C*: control, format, surrogate, private, unassigned. Zl, Zp: line and paragraph separator.
    if unicodedata.category(char)[0] == 'C' or unicodedata.category(char) in ('Zl', 'Zp'):
        return char.encode('unicode_escape', 'surrogatepass').decode('ascii')
    return char
