"""What annotation files and image headers say, kept from one start to the next."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import mmholdout
from mmholdout.datasets.cache_folder import cache_folder
from mmholdout.datasets.image_header import ImageHeader, read_header
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject, read_annotation
from mmholdout.history.atomic import write_bytes

VERSION = 1  # raise it whenever another value comes out for the same file
WORTH = 500  # files that had to be read before an index is written
SETTLED_NS = 2_000_000_000  # the coarsest clock of a file system in use

Signature = list[int]


class VOCIndex:
    """Answers from the last reading where a file has not changed since, else reads the file.

    Only what a file says is kept, as it is written there; classes, shifts and clipping are
    applied afterwards, so that another config needs no other index. Files that cannot be read are
    not kept: they are told at every start.

    A file counts as unchanged while its size, its time of modification and its time of change
    are the same to the nanosecond. An edit that keeps size and modification time (`touch -r`)
    still moves the time of change, which no program can set (on Windows it is the time of
    creation). A file changed in the two seconds before it was read is not kept, because another
    edit within one tick of the disk's clock could not be seen. `prepare_data.py check` uses no
    index.

    The index of a list is one file in the user's cache folder (see `cache_folder`), not beside
    the data, which may be read-only, shared, or compared by digest. It is written when 500 or
    more files had to be read, replaced as a whole, and may be deleted at any time. A damaged one,
    or one of another version of this package, is passed over.

    Args:
        place: the index file; None keeps nothing.
    """

    def __init__(self, place: Path | None) -> None:
        self.place = place
        self.files_read = 0
        self._old: dict[str, dict[str, Any]] = {} if place is None else _load(place)
        self._new: dict[str, dict[str, Any]] = {}

    def annotation(self, key: str, path: Path) -> VOCAnnotation:
        """As `read_annotation`; `key` names the file within its list."""
        return self._through('annotations', key, path, read_annotation, _flat, _annotation)

    def header(self, key: str, path: Path) -> ImageHeader:
        """As `read_header`."""
        return self._through('headers', key, path, read_header, _flat_header, _header)

    def known(self, kind: str, key: str, path: Path) -> tuple[Any, Signature | None]:
        """The kept value and None; or None and the signature to `keep` a value under."""
        try:
            stat = os.stat(path)  # noqa: PTH116 - quicker
        except OSError:
            return None, None
        signature = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
        entry = self._old.get(kind, {}).get(key)
        if entry is None or entry[0] != signature:
            return None, signature
        self._new.setdefault(kind, {})[key] = entry
        return entry[1], None

    def keep(self, kind: str, key: str, signature: Signature | None, value: Any) -> None:
        """Keep a value (of JSON's types, not None) of a file that was just read."""
        self.files_read += 1
        if signature is not None and max(signature[1:]) < time.time_ns() - SETTLED_NS:
            self._new.setdefault(kind, {})[key] = [signature, value]

    def save(self) -> str:
        """Write the index where that is worth while; gives why it could not be, or ''."""
        if self.place is None or self.files_read < WORTH:
            return ''
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(self.place, _bytes(self._new))
        except OSError as error:
            return f'{self.place}: {error.strerror or error}'
        return ''

    def _through(
        self,
        kind: str,
        key: str,
        path: Path,
        read: Callable[[Path], Any],
        flat: Callable[[Any], Any],
        back: Callable[[Any], Any],
    ) -> Any:
        # The signature is taken before the file is read: a change in between makes it stale.
        kept, signature = self.known(kind, key, path)
        if kept is not None:
            return back(kept)
        value = read(path)
        self.keep(kind, key, signature, flat(value))
        return value


def index_place(*parts: str) -> Path | None:
    """The index file for what these texts name; None for a user without a home."""
    name = hashlib.sha256('\0'.join(parts).encode()).hexdigest()[:32]
    with suppress(RuntimeError):
        return cache_folder('index') / f'{name}.json'
    return None


def _label() -> str:
    return f'mmholdout index {VERSION} of {mmholdout.__version__}'


def _bytes(content: dict[str, dict[str, Any]]) -> bytes:
    body = json.dumps(content, separators=(',', ':')).encode()
    return f'{_label()} {hashlib.sha256(body).hexdigest()}\n'.encode() + body


def _load(place: Path) -> dict[str, dict[str, Any]]:
    try:
        head, _, body = place.read_bytes().partition(b'\n')
    except OSError:
        return {}
    if head.decode(errors='replace') != f'{_label()} {hashlib.sha256(body).hexdigest()}':
        return {}
    content: dict[str, dict[str, Any]] = json.loads(body)
    return content


def _flat(annotation: VOCAnnotation) -> list[Any]:
    objects = [[o.name, *o.box, o.difficult] for o in annotation.objects]
    return [annotation.size, objects]


def _annotation(flat: list[Any]) -> VOCAnnotation:
    size, objects = flat
    return VOCAnnotation(
        tuple(VOCObject(o[0], (o[1], o[2], o[3], o[4]), o[5]) for o in objects),
        (size[0], size[1]) if size else None,
    )


def _flat_header(header: ImageHeader) -> list[Any]:
    return [header.width, header.height, header.turned]


def _header(flat: list[Any]) -> ImageHeader:
    return ImageHeader(*flat)
