"""COCO's greedy matching of all images, classes, overlap thresholds and sizes in one pass.

In each image and class the detections come in falling score (of equal scores, the one given first).
Each takes the object that it overlaps most among those nobody took; one that counts comes
before an ignored one whatever the overlaps; of equal overlaps the object given LAST wins. Crowds
are never used up. Source: `COCOeval.evaluateImg` of pycocotools, which gives the same matches.

The matching is the same for all 40 combinations of threshold and size but for which objects are
still free and which are ignored, so each of these is a bit of one 64-bit word. Detections of
different images or classes do not disturb each other: the best of every image and class are
handled together, then all the second ones, and so on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.pairs import Pairs, overlapping_pairs
from mmholdout.metrics.scene import Scene, SceneObjects, stable_by

_NONE = np.uint64(0)


def match_coco(
    scene: Scene, options: COCOOptions | None = None, pairs: Pairs | None = None
) -> Matches:
    """Match every detection among the best `max_dets[-1]` of its image and class.

    Args:
        scene: detections and objects.
        options: thresholds and sizes; COCO's where None.
        pairs: from `overlapping_pairs` where they are known already, with a `least_iou` of at most
            the first threshold; pairs of different classes are passed over.
    """
    options = options or COCOOptions()
    thrs = np.minimum(options.iou_thrs, 1 - 1e-10)  # as in pycocotools
    if pairs is None:
        pairs = overlapping_pairs(scene, float(thrs[0]))
    found, objects = scene.detections, scene.objects
    pairs = pairs.where(
        (pairs.iou >= thrs[0])
        & (scene.rank[pairs.det] < options.max_dets[-1])
        & (found.labels[pairs.det] == objects.labels[pairs.gt])
    )
    pairs = _by_preference(pairs)
    gt_ignore = _ignored(objects, options)
    num_thrs = len(thrs)
    level = np.searchsorted(thrs, pairs.iou, side='right').astype(np.uint64)
    meets = _in_every_area((np.uint64(1) << level) - np.uint64(1), num_thrs, len(options.areas))
    ignored = _area_words(gt_ignore, num_thrs)[pairs.gt]
    bits = _take_turns(scene, pairs, meets & ~ignored, meets & ignored)
    kept = bits != 0
    return Matches(scene, options, pairs.where(kept), bits[kept], gt_ignore)


def _by_preference(pairs: Pairs) -> Pairs:
    """In each detection: falling overlap, and of equal overlaps the later object first."""
    is_new = np.ones(len(pairs) + 1, dtype=bool)
    is_new[1:-1] = np.diff(pairs.det) != 0
    several = np.flatnonzero(~(is_new[:-1] & is_new[1:]))  # most have one object, and no choice
    order = np.arange(len(pairs))
    order[several] = several[
        np.lexsort((-pairs.gt[several], -pairs.iou[several], pairs.det[several]))
    ]
    return pairs.where(order)


def _ignored(objects: SceneObjects, options: COCOOptions) -> NDArray[np.bool_]:
    """Which objects do not count, per size (A, M)."""
    rows = [
        objects.ignore | (objects.area < low) | (objects.area > high)
        for low, high in options.areas.values()
    ]
    return np.stack(rows)


def _in_every_area(words: NDArray[np.uint64], num_thrs: int, num_areas: int) -> NDArray[np.uint64]:
    """Copy the thresholds' bits to each size's place."""
    copies = np.zeros_like(words)
    for area in range(num_areas):
        copies |= words << np.uint64(area * num_thrs)
    return copies


def _area_words(flags: NDArray[np.bool_], num_thrs: int) -> NDArray[np.uint64]:
    """Words (M,) with the bits of all thresholds set at the sizes whose flag (A, M) is set."""
    every_thr = sum(1 << thr for thr in range(num_thrs))
    words = np.zeros(flags.shape[1], dtype=np.uint64)
    for area, row in enumerate(flags):
        words[row] |= np.uint64(every_thr << (area * num_thrs))
    return words


def _take_turns(
    scene: Scene,
    pairs: Pairs,
    if_counted: NDArray[np.uint64],
    if_ignored: NDArray[np.uint64],
) -> NDArray[np.uint64]:
    """At which combinations each pair is matched.

    Args:
        scene: for ranks and crowds.
        pairs: by detection, in each the preferred object first.
        if_counted: (P,) where the overlap suffices and the object counts.
        if_ignored: (P,) where the overlap suffices and the object is ignored.
    """
    bits = np.zeros(len(pairs), dtype=np.uint64)
    if not len(pairs):
        return bits
    step, row, wants = _schedule(scene, pairs, if_counted, if_ignored)
    det, gt = pairs.det[row], pairs.gt[row]
    uses_up = np.where(scene.objects.crowd[gt], _NONE, ~_NONE)
    satisfied = np.zeros(len(scene.detections), dtype=np.uint64)
    taken = np.zeros(len(scene.objects), dtype=np.uint64)
    begins = np.flatnonzero(np.diff(step, prepend=-1))
    for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(step)]):
        now = slice(begin, end)
        dets, gts = det[now], gt[now]  # in one step each detection and each object occurs once
        had, gone = satisfied[dets], taken[gts]
        got = wants[now] & ~(had | gone)
        satisfied[dets] = had | got
        taken[gts] = gone | (got & uses_up[now])
        bits[row[now]] |= got
    return bits


def _schedule(
    scene: Scene,
    pairs: Pairs,
    if_counted: NDArray[np.uint64],
    if_ignored: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """Order of the attempts: number of the step, pair, and combinations to try, by step.

    A detection tries the objects that count in order of preference, then the ignored ones. Which
    of them count depends on the size, so a pair is tried twice, unless it is the only one.
    """
    first = np.flatnonzero(np.diff(pairs.det, prepend=-1))
    length = np.diff(first, append=len(pairs))
    attempt = np.arange(len(pairs)) - np.repeat(first, length)
    turn = np.repeat(_turns(scene, pairs.det[first]), length)
    is_only = np.repeat(length == 1, length)
    most = int(length.max())

    row = np.flatnonzero(is_only | (if_counted != 0))
    again = np.flatnonzero(~is_only & (if_ignored != 0))
    wants = np.where(is_only, if_counted | if_ignored, if_counted)[row]
    step = np.concatenate(
        [turn[row] * 2 * most + attempt[row], (turn[again] * 2 + 1) * most + attempt[again]]
    )
    order = stable_by(step, np.arange(len(step)))
    return (
        step[order],
        np.concatenate([row, again])[order],
        np.concatenate([wants, if_ignored[again]])[order],
    )


def _turns(scene: Scene, dets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each of `dets` among those of its image and class, by rank."""
    turn = np.full(len(scene.detections), -1, dtype=np.int64)
    turn[dets] = 0
    in_order = scene.by_group[turn[scene.by_group] == 0]
    turn[in_order] = scene.places(in_order)
    return turn[dets]
