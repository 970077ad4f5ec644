"""Average precision of many resamplings of the images at once; nothing is matched again.

In the order of falling scores a replicate differs from the whole set in how often each detection
counts: as often as its image was drawn. Precision can be best only where an object is found, so
all wrong detections between two right ones are one sum. These sums, for a block of replicates,
are nearly all of the work. Four replicates share a 64-bit word there.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_order import BootstrapOrder
from mmholdout.metrics.coco_options import RECALL_POINTS

Curve = Literal['area', '11points', 'coco']

_LANES = 4  # uint16 in a uint64
_MOST = 2**16 - 1
_ROWS = 500  # their weights stay in the processor's cache
_BYTES = 48_000_000  # of the arrays of a block, together
_POINTS = {'11points': np.arange(0, 1 + 1e-3, 0.1), 'coco': RECALL_POINTS}


def replicate_aps(
    order: BootstrapOrder, draws: Draws, curve: Curve = 'area'
) -> NDArray[np.float64]:
    """AP of each class in each replicate (K, replicates); NaN where it has no object.

    Args:
        order: the predictions.
        draws: of the same images.
        curve: see `weighted_aps`.
    """
    right = np.concatenate([[0], np.cumsum(order.is_true)])[order.bounds]
    per_replicate = 40 * int(np.diff(right).max(initial=0)) + 20 * draws.num_images
    width = max(_LANES, min(512, _BYTES // per_replicate) // _LANES * _LANES)
    return np.concatenate(
        [weighted_aps(order, block, curve) for block in draws.blocks(width)], axis=1
    )


def weighted_aps(
    order: BootstrapOrder, weights: NDArray[np.uint16], curve: Curve = 'area'
) -> NDArray[np.float64]:
    """AP of each class (K, R) where each image counts several times; NaN without an object.

    It is that of a list in which every image stands so many times, copies next to each other.
    Nothing is rounded to float32 here, as `evaluate_voc` does.

    Args:
        order: the predictions.
        weights: (I, R), how often each image counts in each replicate.
        curve: 'area' and '11points' as in `average_precision`; 'coco' has 101 recall points.
    """
    replicates = weights.shape[1]
    padded = np.zeros((len(weights), -(-replicates // _LANES) * _LANES), dtype=np.uint16)
    padded[:, :replicates] = weights
    objects = np.zeros((order.num_classes, len(weights)))
    np.add.at(objects, (order.object_labels, order.object_image), 1)
    num_objects = objects @ padded  # float64 sums of whole numbers are exact
    table, row, source, bounds = _with_copies(order, padded)
    aps = np.full((order.num_classes, padded.shape[1]), np.nan)
    for label in range(order.num_classes):
        mine = slice(int(bounds[label]), int(bounds[label + 1]))
        total = num_objects[label]
        ap = _one_class(table, row[mine], order.is_true[source[mine]], np.maximum(total, 1), curve)
        aps[label] = np.where(total > 0, ap, np.nan)
    return aps[:, :replicates]


def mean_over_present(aps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the classes that have an object in the replicate (R,); NaN where none has."""
    present = ~np.isnan(aps)
    sums = np.where(present, aps, 0.0).sum(axis=0)
    count = present.sum(axis=0)
    means: NDArray[np.float64] = np.where(count > 0, sums / np.maximum(count, 1), np.nan)
    return means


def _one_class(
    table: NDArray[np.uint16],
    row: NDArray[np.int64],
    is_true: NDArray[np.bool_],
    num_objects: NDArray[np.float64],
    curve: Curve,
) -> NDArray[np.float64]:
    """AP (R,) from rows of `table` (I', R) in the order of falling score."""
    right = np.flatnonzero(is_true)
    if not len(right):
        return np.zeros(table.shape[1])
    num_seen = _running_at(table, row[: right[-1] + 1], right)
    weight = table[row[right]]
    num_true = np.cumsum(weight, axis=0, dtype=np.int32)
    envelope = num_true / np.maximum(num_seen, 1)
    backwards = envelope[::-1]
    np.maximum.accumulate(backwards, axis=0, out=backwards)
    if curve == 'area':
        areas: NDArray[np.float64] = np.einsum('er,er->r', envelope, weight) / num_objects
        return areas
    points = _POINTS[curve]
    reached = np.searchsorted(points, (num_true / num_objects).ravel(), side='right')
    steps = np.diff(reached.reshape(num_true.shape), axis=0, prepend=0)
    means: NDArray[np.float64] = np.einsum('er,er->r', envelope, steps) / len(points)
    return means


def _running_at(
    table: NDArray[np.uint16], row: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Sums of the rows up to and with each of `ends`, (E, R).

    Args:
        table: (I', R), R a multiple of four, not above 65535.
        row: (N,) into the table.
        ends: (E,) rising positions in `row`, the last one its last.
    """
    words = table.view(np.uint64)
    at_once = max(1, min(_ROWS, _MOST // max(1, int(table.max(initial=0)))))  # no lane overflows
    sums = np.empty((len(ends), table.shape[1]), dtype=np.int32)
    carried = np.zeros(table.shape[1], dtype=np.int32)
    for begin in range(0, len(row), at_once):
        end = min(begin + at_once, len(row))
        first, last = np.searchsorted(ends, [begin, end]).tolist()
        starts = np.concatenate([[0], ends[first:last] + 1 - begin])
        starts = starts[starts < end - begin]
        parts = np.add.reduceat(words[row[begin:end]], starts, axis=0).view(np.uint16)
        running = np.cumsum(parts, axis=0, dtype=np.int32)
        running += carried
        sums[first:last] = running[: last - first]
        carried = running[-1]
    return sums


def _with_copies(
    order: BootstrapOrder, weights: NDArray[np.uint16]
) -> tuple[NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of weights for all detections, those of ties copy by copy.

    A tie's first copy counts where its image counts at all, its second where the image counts
    twice, and so on.

    Returns:
        Weights (I', R); the row of it for each detection or copy (N',); the detection that this
        is (N',); and the bounds of the classes (K + 1,).
    """
    image = order.image.astype(np.int64)
    if not len(order.tied):
        return weights, image, np.arange(len(order)), order.bounds
    most = max(1, int(weights[image[order.tied]].max(initial=0)))
    images, place = np.unique(image[order.tied], return_inverse=True)
    copies = np.arange(1, most + 1, dtype=np.uint16)
    layers = (weights[images][None] >= copies[:, None, None]).astype(np.uint16)
    table = np.concatenate([weights, layers.reshape(-1, weights.shape[1])])

    length = np.ones(len(order), dtype=np.int64)
    length[order.tied] = most
    source = np.repeat(np.arange(len(order)), length)
    ends = np.concatenate([[0], np.cumsum(length)])
    copy = np.arange(len(source)) - ends[source]
    first = np.arange(len(order))
    first[order.tied] = order.tied[np.unique(order.tie, return_index=True)[1]][
        np.unique(order.tie, return_inverse=True)[1]
    ]
    resorted = np.lexsort((source, copy, first[source]))
    source, copy = source[resorted], copy[resorted]
    place_of = np.full(len(order), -1, dtype=np.int64)
    place_of[order.tied] = place
    own = place_of[source]
    row = np.where(own < 0, image[source], len(weights) + copy * len(images) + own)
    return table, row, source, ends[order.bounds]
