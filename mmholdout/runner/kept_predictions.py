"""The predictions behind a number, kept so that anybody can compute it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from mmholdout.history.atomic import write_bytes
from mmholdout.history.measurement import Measurement
from mmholdout.metrics.stored_predictions import StoredPredictions, encode


def predictions_of(metrics: Sequence[Any], about: dict[str, Any]) -> bytes | None:
    """The file's bytes; None where no metric has predictions to keep.

    Args:
        metrics: that have just measured the split; all of them have seen the same predictions.
        about: what is known besides; the options of the metrics are added.
    """
    source = next((one for one in metrics if hasattr(one, 'predictions')), None)
    if source is None:
        return None
    options = {type(one).__name__: options_of(one) for one in metrics}
    return encode(StoredPredictions(source.predictions, {**about, 'metrics': options}))


def sha256(data: bytes | None) -> str | None:
    """Hexadecimal."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def keep_of_best(runner: Any, measurement: Measurement) -> str | None:
    """Write `val_predictions.npz` of the validation that is the best; gives its SHA-256.

    To be called before best_model.pth is written, which names the digest. A run that dies between
    the two files has neither in its last saved state: resumed, it comes to this validation
    again and writes both.
    """
    data = predictions_of(
        runner.val_loop.metrics,
        {
            'split': 'val',
            'epoch': measurement.epoch,
            'iter': measurement.iteration,
            'classes': list(runner.meta.get('classes', ())),
            'annotations': runner.meta.get('annotations', {}).get('val'),
        },
    )
    if data is not None:
        write_bytes(runner.folder.path / 'val_predictions.npz', data)
    return sha256(data)


def options_of(metric: Any) -> Any:
    """The options of a metric as a file gives them back; None for one that has none."""
    options = getattr(metric, 'options', None)
    if not is_dataclass(options) or isinstance(options, type):
        return None
    return json.loads(json.dumps(asdict(options)))
