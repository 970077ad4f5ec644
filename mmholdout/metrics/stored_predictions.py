"""The detections of one pass over a split as a file, so that its metrics can be computed again."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections

_ARRAYS = ('image_ids', 'offsets', 'bboxes', 'scores', 'labels', 'about')


@dataclass(frozen=True, eq=False)
class StoredPredictions:
    """One pass.

    Attributes:
        detections: image id -> detections, in the order of the split.
        about: plain values: `split`, `epoch`, `iter`, `score_thr`, `metrics` (the options of each
            metric), ....
    """

    detections: Mapping[Any, Detections]
    about: Mapping[str, Any] = field(default_factory=dict)


def encode(stored: StoredPredictions) -> bytes:
    """An uncompressed .npz that `np.load(allow_pickle=False)` reads; equal input, equal bytes.

    Its arrays: `image_ids` (N,) text, or int64 where all are; `offsets` int64 (N + 1,), image i
    has rows offsets[i] to offsets[i + 1]; `bboxes` float32 (M, 4) xyxy in pixels of the original
    image; `scores` float32 (M,), or float64 where the detector gave those; `labels` int64 (M,);
    `about` JSON; `digest`, the SHA-256 of all the others.
    """
    each = list(stored.detections.values())
    ids = list(stored.detections)
    whole = all(isinstance(i, int) and not isinstance(i, bool) for i in ids)
    wide = any(item.scores.dtype.itemsize > 4 for item in each)
    scores = np.float64 if wide else np.float32
    arrays: dict[str, NDArray[Any]] = {
        'image_ids': np.array(ids, np.int64 if whole else np.str_),
        'offsets': np.cumsum([0, *(len(item.labels) for item in each)], dtype=np.int64),
        'bboxes': np.concatenate([np.zeros((0, 4), np.float32), *(one.bboxes for one in each)]),
        'scores': np.concatenate([np.zeros(0), *(one.scores for one in each)]).astype(scores),
        'labels': np.concatenate([np.zeros(0, np.int64), *(one.labels for one in each)]),
        'about': np.array(json.dumps(stored.about, sort_keys=True)),
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays, digest=np.array(_digest(arrays)))  # type: ignore[arg-type]
    return buffer.getvalue()


def read_predictions_file(path: Path | str) -> StoredPredictions:
    """Read what `encode` gave; nothing in it is executed.

    Raises:
        DataError: missing, damaged, or changed after it was written.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in _ARRAYS}
            written = str(file['digest'])
        intact = written == _digest(arrays)
    except FileNotFoundError:
        raise DataError(f'there is no {path}') from None
    except Exception as error:  # a damaged archive raises what its damage makes it raise
        reason = ' '.join(str(error).split())[:200]
        raise DataError(f'{path} is damaged: {type(error).__name__}: {reason}') from error
    if not intact:
        raise DataError(f'{path} was changed after it was written: its digest disagrees')
    return StoredPredictions(_split(arrays), json.loads(str(arrays['about'])))


def _split(arrays: Mapping[str, NDArray[Any]]) -> dict[Any, Detections]:
    bboxes, scores, labels = (arrays[name] for name in ('bboxes', 'scores', 'labels'))
    ends = arrays['offsets'].tolist()
    return {
        image_id: Detections(bboxes[i:j], scores[i:j], labels[i:j])
        for image_id, i, j in zip(arrays['image_ids'].tolist(), ends, ends[1:], strict=False)
    }


def _digest(arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name in _ARRAYS:
        array = np.ascontiguousarray(arrays[name])
        digest.update(f'{name} {array.dtype.str} {array.shape}\n'.encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
