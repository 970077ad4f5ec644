"""The truth about a split, read from its dataset and not from augmented samples."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
from torch.utils.data import Subset

from mmholdout.errors import DataError
from mmholdout.metrics.detections import GroundTruth

ImageId = Hashable


def read_ground_truth(dataset: Any) -> dict[ImageId, GroundTruth]:
    """Objects of every image in dataset order, in pixels of the original image.

    Args:
        dataset: any of mmdet's detection datasets, mmengine's wrappers around them, or a torch
            `Subset` of one.

    Raises:
        DataError: an image lacks a field or its id occurs twice.
    """
    truth: dict[ImageId, GroundTruth] = {}
    for index in range(len(dataset)):
        info = _data_info(dataset, index)
        img_id = info['img_id']
        if img_id in truth:
            raise DataError(
                f'img_id {img_id!r} occurs twice in a split of {len(dataset)} images, so its '
                'predictions cannot be told apart; give every image its own id'
            )
        try:
            truth[img_id] = _objects(info)
        except KeyError as missing:
            raise DataError(f'image {img_id!r} has an instance without {missing}') from missing
        except (DataError, TypeError, ValueError) as error:
            raise DataError(f'image {img_id!r}: {error}') from error
    return truth


def read_classes(dataset: Any) -> tuple[str, ...]:
    """Class names in label order.

    Raises:
        DataError: the dataset names no classes.
    """
    while isinstance(dataset, Subset):
        dataset = dataset.dataset
    classes = dataset.metainfo.get('classes')
    if not classes:
        raise DataError(
            f'{type(dataset).__name__} names no classes; set metainfo=dict(classes=(...)) in it'
        )
    return tuple(classes)


def _data_info(dataset: Any, index: int) -> dict[str, Any]:
    while isinstance(dataset, Subset):
        index = dataset.indices[index]
        dataset = dataset.dataset
    info: dict[str, Any] = dataset.get_data_info(index)
    return info


def _objects(info: dict[str, Any]) -> GroundTruth:
    instances = info['instances']
    return GroundTruth(
        bboxes=np.array([instance['bbox'] for instance in instances], dtype=np.float32),
        labels=np.array([instance['bbox_label'] for instance in instances]),
        ignore=np.array([instance['ignore_flag'] for instance in instances], dtype=np.bool_),
    )
