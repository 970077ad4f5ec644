"""The test ledger: each use of a test split, on the record before the first batch is read.

An append-only file of JSON lines. `prev` of a line is the SHA-256 of the line before it and
`hash` that of its own other fields, so that an edited, removed, inserted or moved line shows.
What no file can show by itself: that it was deleted whole, that its last lines were cut off, or
that somebody computed the whole chain anew. The ledger guards against forgetting and haste; where
fraud matters, keep it under version control.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO

from mmholdout.errors import LedgerError

try:
    import fcntl
except ImportError:  # Windows: two tests started at the same instant are not kept apart there
    fcntl = None  # type: ignore[assignment]

_NO_LINE_BEFORE = '0' * 64


@dataclass(frozen=True)
class Use:
    """One use of a test split; `number` counts the uses of that split from 1.

    Attributes:
        line_hash: `hash` of the line that opened it.
        time: UTC, ISO 8601.
    """

    line_hash: str
    split_digest: str
    checkpoint_digest: str
    number: int
    time: str
    reason: str | None


class Ledger:
    """The ledger at `path`; the file is created by the first use.

    Every method reads the whole file and raises LedgerError where it was changed.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def open(
        self,
        split_digest: str,
        config_digest: str,
        checkpoint_digest: str,
        reason: str | None = None,
        *,
        checkpoint_name: str | None = None,
        annotations_digest: str | None = None,
    ) -> Use:
        """Put a use on record, flushed to the disk; to be called before the first test batch.

        Args:
            split_digest: of the test split, see `record.split_digest`; uses are counted by it.
            config_digest: of the resolved config.
            checkpoint_digest: of the checkpoint file.
            reason: why the split is used again; needed from the second use on. A use that died
                before its result counts as one.
            checkpoint_name: how people call the checkpoint, for the message of a later refusal.
            annotations_digest: of the files that the split's labels come from.

        Raises:
            LedgerError: the split was used before and there is no reason, or `verify` fails.
        """
        reason = (reason or '').strip() or None
        with self._locked() as file:
            lines = self._read(file)
            earlier = self._earlier(lines, split_digest, reason)
            entry = {
                'event': 'opened',
                'split': split_digest,
                'config': config_digest,
                'checkpoint': checkpoint_digest,
                'checkpoint_name': checkpoint_name,
                'annotations': annotations_digest,
                'use': len(earlier) + 1,
                'reason': reason,
            }
            line = self._append(file, lines, entry)
        return Use(
            line_hash=line['hash'],
            split_digest=split_digest,
            checkpoint_digest=checkpoint_digest,
            number=len(earlier) + 1,
            time=line['time'],
            reason=reason,
        )

    def refuse(self, split_digest: str, reason: str | None = None) -> None:
        """Raise what `open` would, without a trace: before work that a refusal would waste.

        Raises:
            LedgerError: see `open`.
        """
        self._earlier(self.verify(), split_digest, (reason or '').strip() or None)

    def close(
        self, use: Use, result: Mapping[str, Any], predictions_digest: str | None = None
    ) -> None:
        """Put the result of a use on record; a non-finite number in it is left out.

        Args:
            use: as `open` gave it.
            result: metric -> value.
            predictions_digest: of the file that the result was computed from.

        Raises:
            LedgerError: the use is not in this ledger or has a result already.
        """
        finite = {k: v for k, v in result.items() if not _non_finite(v)}
        with self._locked() as file:
            lines = self._read(file)
            if not any(e['event'] == 'opened' and e['hash'] == use.line_hash for e in lines):
                raise LedgerError(f'{self.path} holds no use {_short(use.line_hash)} to close.')
            if _result_of(use.line_hash, lines) is not None:
                raise LedgerError(f'{self.path}: use {_short(use.line_hash)} has a result already.')
            entry = {
                'event': 'result',
                'of': use.line_hash,
                'result': finite,
                'predictions': predictions_digest,
            }
            self._append(file, lines, entry)

    def uses(self, split_digest: str) -> int:
        """How often the split was opened, with or without a result."""
        lines = self.verify()
        return sum(e['event'] == 'opened' and e['split'] == split_digest for e in lines)

    def verify(self) -> list[dict[str, Any]]:
        """All lines, after the whole chain was checked.

        Raises:
            LedgerError: with the number of the first line that is torn or was changed.
        """
        if not self.path.exists():
            return []
        with self.path.open('rb') as file:
            return self._read(file)

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        """The file, held so that nobody appends between our reading and our writing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open('a+b') as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)  # released when the file closes
            yield file

    def _read(self, file: BinaryIO) -> list[dict[str, Any]]:
        file.seek(0)
        *raw_lines, torn = file.read().split(b'\n')
        entries: list[dict[str, Any]] = []
        prev = _NO_LINE_BEFORE
        for number, raw in enumerate(raw_lines, 1):
            entry = _parsed(raw)
            if entry is None or entry.get('prev') != prev:
                raise LedgerError(self._changed(number, entry is not None))
            entries.append(entry)
            prev = _line_digest(raw)
        if torn:
            raise LedgerError(
                f'{self.path}: line {len(raw_lines) + 1} is torn (it has no end), as after a '
                'crash while writing. The lines before it are intact. Remove that unfinished '
                'line by hand; a use that was opened before it still counts.'
            )
        return entries

    def _append(
        self, file: BinaryIO, lines: list[dict[str, Any]], entry: dict[str, Any]
    ) -> dict[str, Any]:
        entry['time'] = datetime.now(timezone.utc).isoformat(timespec='seconds')
        entry['prev'] = _line_digest(_canonical(lines[-1])) if lines else _NO_LINE_BEFORE
        entry['hash'] = _own_hash(entry)
        file.write(_canonical(entry) + b'\n')
        file.flush()
        os.fsync(file.fileno())
        return entry

    def _earlier(
        self, lines: list[dict[str, Any]], split_digest: str, reason: str | None
    ) -> list[dict[str, Any]]:
        """The uses of a split so far; refused where there are any and no reason is given."""
        earlier = [e for e in lines if e['event'] == 'opened' and e['split'] == split_digest]
        if earlier and reason is None:
            raise LedgerError(self._refusal(earlier, lines))
        return earlier

    def _refusal(self, earlier: list[dict[str, Any]], lines: list[dict[str, Any]]) -> str:
        first = earlier[0]
        name = f'{first["checkpoint_name"]}, ' if first.get('checkpoint_name') else ''
        result = _result_of(first['hash'], lines)
        outcome = 'it died before its result' if result is None else _result_text(result)
        uses = 'once' if len(earlier) == 1 else f'{len(earlier)} times'
        return (
            f'The test split {_short(first["split"])} was used {uses} before: first on '
            f'{first["time"]} with checkpoint {name}sha256 {_short(first["checkpoint"])} '
            f'({outcome}; {self.path}). A split that is measured again and again steers your '
            'choices and is no test any more. To use it all the same, say why: --again REASON'
        )

    def _changed(self, number: int, readable: bool) -> str:
        what = (
            'does not follow from the line before (lines were changed, removed, added or moved)'
            if readable
            else 'was changed after it was written (its content and its hash disagree)'
        )
        return (
            f'{self.path}: line {number} {what}. The ledger no longer proves how often the '
            'test split was used; restore the file from a copy.'
        )


def _canonical(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, sort_keys=True, allow_nan=False).encode()


def _line_digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _own_hash(entry: Mapping[str, Any]) -> str:
    return _line_digest(_canonical({k: v for k, v in entry.items() if k != 'hash'}))


def _parsed(raw: bytes) -> dict[str, Any] | None:
    """The entry, or None where the bytes are not exactly what was written."""
    try:
        entry = json.loads(raw)
        intact = _canonical(entry) == raw and entry['hash'] == _own_hash(entry)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return entry if intact else None


def _result_of(line_hash: str, lines: list[dict[str, Any]]) -> dict[str, Any] | None:
    found = (e['result'] for e in lines if e['event'] == 'result' and e['of'] == line_hash)
    return next(found, None)


def _result_text(result: Mapping[str, Any]) -> str:
    key = next((k for k in ('test/mAP', 'mAP') if k in result), None)
    return 'with a result' if key is None else f'{key} = {result[key]:.4f}'


def _non_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _short(digest: str) -> str:
    return digest[:12]
