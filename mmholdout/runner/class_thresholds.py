"""The score threshold of each class, as validation chose it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import CheckpointError
from mmholdout.metrics.error_keys import class_keys


def class_thresholds(
    chosen: Mapping[str, Any], classes: Sequence[str], otherwise: float
) -> NDArray[np.float64]:
    """Thresholds by label (K,).

    Args:
        chosen: the metrics of the validation that the checkpoint was kept for.
        classes: names in label order.
        otherwise: for a class that validation had no detection or no object of.

    Raises:
        CheckpointError: no class has one.
    """
    keys = [f'val/{class_keys(name)[1]}' for name in classes]
    if not any(key in chosen for key in keys):
        raise CheckpointError(
            'the checkpoint has no thresholds of the classes: they are chosen in training with '
            "evaluation = dict(metric=['mAP', 'errors'])"
        )
    return np.array([chosen.get(key, otherwise) for key in keys], np.float64)
