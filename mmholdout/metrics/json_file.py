"""JSON from anywhere: what it is instead, where it breaks, and long lists item by item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mmholdout.errors import DataError

_BLANKS = re.compile(r'[ \t\n\r]*')
_DECODER = json.JSONDecoder()
# How files begin that are given in place of JSON.
_OTHERS = (
    (b'PK', 'a zip or .npz archive'),
    (b'\x1f\x8b', 'compressed by gzip; unpack it first'),
    (b'\x80', 'a pickle. Pickles can run code and are not loaded; let the trainer write JSON'),
    (b'<', 'XML or HTML'),
)


def read_text(path: Path) -> str:
    """A file's text; UTF-8, with or without a byte order mark, or UTF-16.

    Raises:
        DataError: it is missing, cannot be read, or is plainly no JSON.
    """
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise DataError(f'{path} is a folder; a JSON file is needed') from None
    except OSError as error:
        raise DataError(f'{path} cannot be read: {error.strerror or error}') from None
    for start, what in _OTHERS:
        if data.startswith(start):
            raise DataError(f'{path} is no JSON but looks like {what}')
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise DataError(f'{path} is no text: byte {error.start} fits no encoding') from None
    if not text.strip():
        raise DataError(f'{path} is empty; "nothing was detected" is written as []')
    return text


def parse(path: Path, text: str) -> Any:
    """The whole content as Python values; NaN and Infinity are read as floats.

    Raises:
        DataError: the text is no JSON; with line and column.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(path, error) from None


def items(path: Path, text: str) -> Iterator[Any]:
    """The entries of a list one after the other, so that they are never all in memory.

    Args:
        path: for messages.
        text: begins, after blanks, with '['.

    Raises:
        DataError: the text is no JSON; with line and column.
    """
    place = _skip(text, _skip(text, 0) + 1)
    try:
        while text[place : place + 1] != ']':
            item, place = _DECODER.raw_decode(text, place)
            yield item
            place = _skip(text, place)
            if text[place : place + 1] == ',':
                place = _skip(text, place + 1)
                if text[place : place + 1] == ']':
                    raise json.JSONDecodeError('Expecting value', text, place)
            elif text[place : place + 1] != ']':
                raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
        end = _skip(text, place + 1)
        if end < len(text):
            raise json.JSONDecodeError('Extra data', text, end)
    except (ValueError, RecursionError) as error:
        raise _broken(path, error) from None


def first_sign(text: str) -> str:
    """The first character that is no blank; '[' begins a list, '{' an object."""
    place = _skip(text, 0)
    return text[place : place + 1]


def _skip(text: str, place: int) -> int:
    found = _BLANKS.match(text, place)
    return found.end() if found else place


def _broken(path: Path, error: Exception) -> DataError:
    if isinstance(error, RecursionError):
        return DataError(f'{path} is nested too deeply to be read')
    return DataError(f'{path} is no valid JSON (cut off while it was written?): {error}')
