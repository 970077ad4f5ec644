"""Bring per-image results, or the flat arrays of COCO's files, to one scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene import Scene, SceneDetections, SceneObjects
from mmholdout.metrics.scene_checks import check_scene, image_indices


def scene_from_images(
    detections: Sequence[Detections],
    ground_truth: Sequence[GroundTruth],
    num_classes: int,
    image_names: Sequence[object] | None = None,
    crowd: Sequence[ArrayLike] | None = None,
    areas: Sequence[ArrayLike] | None = None,
) -> Scene:
    """Scene from one entry per image.

    Args:
        detections: one per image.
        ground_truth: one per image, in the same order.
        num_classes: labels are 0 to num_classes - 1.
        image_names: for messages; the positions where None.
        crowd: bool (M,) per image. None takes every ignored object for a crowd, as mmdet's
            `CocoMetric` does.
        areas: square pixels (M,) per image; None takes the boxes' areas.

    Raises:
        DataError: numbers of images or objects differ, or a value is refused by `check_scene`.
    """
    if len(detections) != len(ground_truth):
        raise DataError(f'{len(detections)} images with detections, {len(ground_truth)} with truth')
    names = range(len(ground_truth)) if image_names is None else image_names
    flat_ignore = _join([item.ignore for item in ground_truth], np.bool_)
    lengths = [len(item.labels) for item in ground_truth]
    return _build(
        names,
        num_classes,
        SceneDetections(
            image=_spread([len(item.labels) for item in detections]),
            bboxes=_xywh([item.bboxes for item in detections]),
            labels=_join([item.labels for item in detections], np.int64),
            scores=_join([item.scores for item in detections], np.float64),
        ),
        image=_spread(lengths),
        bboxes=_xywh([item.bboxes for item in ground_truth]),
        labels=_join([item.labels for item in ground_truth], np.int64),
        ignore=flat_ignore,
        crowd=flat_ignore if crowd is None else _per_image('crowd', crowd, lengths, np.bool_),
        area=None if areas is None else _per_image('areas', areas, lengths, np.float64),
    )


def scene_from_arrays(
    images: ArrayLike,
    num_classes: int,
    *,
    det_images: ArrayLike,
    det_bboxes: ArrayLike,
    det_labels: ArrayLike,
    det_scores: ArrayLike,
    gt_images: ArrayLike,
    gt_bboxes: ArrayLike,
    gt_labels: ArrayLike,
    gt_crowd: ArrayLike | None = None,
    gt_ignore: ArrayLike | None = None,
    gt_areas: ArrayLike | None = None,
) -> Scene:
    """Scene from flat arrays with image ids, in any order; boxes are x, y, width, height.

    Args:
        images: ids of all images, integers or strings, each once. Their order decides ties of
            scores between images; pycocotools takes the ids' rising order.
        num_classes: labels are 0 to num_classes - 1.
        det_images: image id of each detection.
        det_bboxes: (N, 4).
        det_labels: (N,).
        det_scores: (N,).
        gt_images: image id of each object.
        gt_bboxes: (M, 4).
        gt_labels: (M,).
        gt_crowd: bool (M,); None: no crowds.
        gt_ignore: bool (M,), beside the crowds; None: no others.
        gt_areas: (M,) square pixels; None takes the boxes' areas.

    Raises:
        DataError: an image is listed twice or is unknown, lengths differ, or a value is refused
            by `check_scene`.
    """
    known = np.asarray(images)
    if len(np.unique(known)) < len(known):
        values, counts = np.unique(known, return_counts=True)
        raise DataError(f'image {values[counts > 1][0].item()!r} is listed more than once')
    hint = '; are these the detections of another split?'
    det_ids, gt_ids = np.asarray(det_images), np.asarray(gt_images)
    _same_length('detections', det_ids, det_bboxes, det_labels, det_scores)
    optional = [flags for flags in (gt_crowd, gt_ignore, gt_areas) if flags is not None]
    _same_length('objects', gt_ids, gt_bboxes, gt_labels, *optional)
    num_objects = len(gt_ids)
    crowd = np.zeros(num_objects) if gt_crowd is None else gt_crowd
    ignore = np.zeros(num_objects) if gt_ignore is None else gt_ignore
    return _build(
        known.tolist(),
        num_classes,
        SceneDetections(
            image=image_indices(det_ids, known, 'detections', hint),
            bboxes=_boxes(det_bboxes),
            labels=_integers(det_labels),
            scores=np.asarray(det_scores, dtype=np.float64),
        ),
        image=image_indices(gt_ids, known, 'objects'),
        bboxes=_boxes(gt_bboxes),
        labels=_integers(gt_labels),
        ignore=np.asarray(ignore).astype(np.bool_),
        crowd=np.asarray(crowd).astype(np.bool_),
        area=None if gt_areas is None else np.asarray(gt_areas, dtype=np.float64),
    )


def _build(
    names: Sequence[object],
    num_classes: int,
    found: SceneDetections,
    *,
    area: NDArray[np.float64] | None,
    **truth: NDArray[Any],
) -> Scene:
    """Put everything in image order, and check it."""
    bboxes = truth['bboxes']
    truth['area'] = bboxes[:, 2] * bboxes[:, 3] if area is None else area
    truth['ignore'] = truth['ignore'] | truth['crowd']
    if np.any(np.diff(found.image) < 0):
        order = np.argsort(found.image, kind='stable')
        found = SceneDetections(
            found.image[order], found.bboxes[order], found.labels[order], found.scores[order]
        )
    if np.any(np.diff(truth['image']) < 0):
        order = np.argsort(truth['image'], kind='stable')
        truth = {name: values[order] for name, values in truth.items()}
    scene = Scene(names, num_classes, found, SceneObjects(**truth))
    check_scene(scene)
    return scene


def _spread(lengths: list[int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)


def _join(parts: Sequence[Any], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype, copy=False)


def _xywh(parts: list[NDArray[np.float32]]) -> NDArray[np.float64]:
    boxes = np.concatenate([np.zeros((0, 4), np.float32), *parts]).astype(np.float64)
    boxes[:, 2:] -= boxes[:, :2]
    return boxes


def _boxes(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64).reshape(-1, 4)


def _integers(values: ArrayLike) -> NDArray[np.int64]:
    labels = np.asarray(values)
    if labels.size and labels.dtype.kind not in 'iu':
        raise DataError(f'labels have type {labels.dtype}; class indices are integers from 0')
    return labels.astype(np.int64)


def _per_image(
    what: str, values: Sequence[ArrayLike], lengths: list[int], dtype: type[np.generic]
) -> NDArray[Any]:
    parts = [np.asarray(part) for part in values]
    if [len(part) for part in parts] != lengths:
        raise DataError(f'{what} do not fit the objects: one value per object of each image')
    return _join(parts, dtype)


def _same_length(what: str, ids: NDArray[Any], *others: ArrayLike) -> None:
    lengths = [len(ids), *(len(np.asarray(other)) for other in others)]
    if len(set(lengths)) > 1:
        raise DataError(f'{what} do not fit together: arrays of lengths {lengths}')
