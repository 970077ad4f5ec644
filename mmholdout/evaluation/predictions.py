"""Predictions of one image, out of mmdet's containers and off the device."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from mmholdout.errors import DataError
from mmholdout.evaluation.ground_truth import ImageId
from mmholdout.metrics.detections import Detections


def read_predictions(sample: Any) -> tuple[ImageId, Detections]:
    """Image id and detections in original pixels.

    Args:
        sample: a DetDataSample or its `to_dict()`, with `img_id` and `pred_instances`.

    Raises:
        DataError: boxes, scores and labels do not fit together.
    """
    img_id = _field(sample, 'img_id')
    instances = _field(sample, 'pred_instances')
    bboxes = _field(instances, 'bboxes')
    try:
        detections = Detections(
            bboxes=_to_numpy(getattr(bboxes, 'tensor', bboxes)),  # mmdet's HorizontalBoxes
            scores=_to_numpy(_field(instances, 'scores')),
            labels=_to_numpy(_field(instances, 'labels')),
        )
    except DataError as error:
        raise DataError(f'image {img_id!r}: {error}') from error
    return img_id, detections


def _field(container: Any, name: str) -> Any:
    return container[name] if isinstance(container, dict) else getattr(container, name)


def _to_numpy(values: Any) -> Any:
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu()
        # NumPy has no bfloat16, which autocast may leave behind; float32 holds it exactly
        return (values.float() if values.is_floating_point() else values).numpy()
    return np.asarray(values)
