"""Refuse detections and objects that cannot be measured, with the image's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import DataError
from mmholdout.metrics.scene import Scene, SceneDetections, SceneObjects


def check_scene(scene: Scene) -> None:
    """Every number must mean something.

    Raises:
        DataError: a score, side or area is not finite, a side or area is negative, or a label is
            none of the classes. One sentence per kind, each with the first image's name.
    """
    found, objects, names = scene.detections, scene.objects, scene.image_names
    bad_area: NDArray[np.bool_] = ~(objects.area >= 0) | ~np.isfinite(objects.area)
    problems = [
        *_refusals(
            ~np.isfinite(found.scores), found.image, names, 'a detection with score', found.scores
        ),
        *_box_refusals(found, names, scene.num_classes, 'a detection'),
        *_box_refusals(objects, names, scene.num_classes, 'an object'),
        *_refusals(
            # of a bad box the box is named, and not what follows from it
            bad_area & np.all(objects.bboxes[:, 2:] >= 0, axis=1),
            objects.image,
            names,
            'an object with area',
            objects.area,
        ),
    ]
    if problems:
        raise DataError(problems)


def image_indices(
    image_ids: NDArray[Any], known: NDArray[Any], what: str, hint: str = ''
) -> NDArray[np.int64]:
    """Positions of `image_ids` in `known`.

    Args:
        image_ids: (N,), in any order, any number of times each.
        known: (I,), each once.
        what: whose ids these are, for the message.
        hint: what to do about it.

    Raises:
        DataError: an id is not known.
    """
    if not len(image_ids):
        return np.zeros(0, dtype=np.int64)
    numeric = {np.asarray(ids).dtype.kind in 'iu' for ids in (image_ids, known)}
    order = np.argsort(known, kind='stable')
    if len(numeric) > 1 or not len(known):  # strings never equal numbers
        is_known = np.zeros(len(image_ids), dtype=bool)
        place = np.zeros(len(image_ids), dtype=np.int64)
    else:
        place = np.minimum(np.searchsorted(known[order], image_ids), len(known) - 1)
        is_known = known[order][place] == image_ids
    if not is_known.all():
        strangers = np.unique(image_ids[~is_known])
        more = f', nor are {len(strangers) - 1} others' if len(strangers) > 1 else ''
        raise DataError(
            f'{what}: image {image_ids[~is_known][0].item()!r} is none of the {len(known)} images '
            f'with ground truth{more}{hint}'
        )
    indices: NDArray[np.int64] = order[place]
    return indices


def _box_refusals(
    boxes: SceneDetections | SceneObjects, names: Sequence[object], num_classes: int, what: str
) -> list[str]:
    sides = boxes.bboxes
    broken: NDArray[np.bool_] = np.any(~np.isfinite(sides), axis=1)
    negative: NDArray[np.bool_] = ~broken & np.any(sides[:, 2:] < 0, axis=1)
    unknown = (boxes.labels < 0) | (boxes.labels >= num_classes)
    known = f'; with {num_classes} classes labels are 0 to {num_classes - 1}'
    of_box = f'{what} with box (x, y, width, height)'
    return [
        *_refusals(broken, boxes.image, names, of_box, sides),
        *_refusals(negative, boxes.image, names, of_box, sides, '; a side is negative'),
        *_refusals(unknown, boxes.image, names, what + ' with label', boxes.labels, known),
    ]


def _refusals(
    bad: NDArray[np.bool_],
    image: NDArray[np.int64],
    names: Sequence[object],
    what: str,
    values: NDArray[Any],
    why: str = '',
) -> list[str]:
    if not bad.any():
        return []
    first = int(np.argmax(bad))
    images = len(np.unique(image[bad]))
    more = f' ({int(bad.sum())} such in {images} images)' if bad.sum() > 1 else ''
    return [f'image {names[image[first]]!r} has {what} {values[first].tolist()}{why}{more}']
