"""What is wrong with each wrong detection, after TIDE.

Source: Bolya et al., TIDE: A General Toolbox for Identifying Object Detection Errors, 2020,
section 2.2; where its conditions overlap, the first in the order below, as in the authors' tidecv.
Ignored objects explain no error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.judged import area_number
from mmholdout.metrics.match import FALSE, TRUE
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.pairs import Pairs

NO_ERROR, CLS, LOC, BOTH, DUPE, BKG = -1, 0, 1, 2, 3, 4


@dataclass(frozen=True, eq=False)
class Errors:
    """The type of each error, and what would repair it.

    Attributes:
        verdict: int8 (N,) TRUE, FALSE or NEUTRAL of each detection.
        error: int8 (N,): NO_ERROR where a detection is right or neutral, else, first that fits:
            LOC: overlaps an object of its class at least by `bg_thr`, and at most by `pos_thr`;
            CLS: overlaps an object of another class by `pos_thr`;
            DUPE: overlaps a found object of its class by `pos_thr`;
            BKG: overlaps no object by more than `bg_thr`;
            BOTH: none of these: wrong class, and badly located.
        target: int64 (N,) the object that a CLS or LOC error is about, -1 of others.
        repairs: bool (N,): of the CLS and LOC errors about an object that nobody found, the one
            with the highest score: with the right class, or well located, it would be right.
        found: bool (M,), the object counts and is found.
        missed: bool (M,): counts, is not found, and no CLS or LOC error is about it.
        counted: bool (M,): is not ignored.
    """

    verdict: NDArray[np.int8]
    error: NDArray[np.int8]
    target: NDArray[np.int64]
    repairs: NDArray[np.bool_]
    found: NDArray[np.bool_]
    missed: NDArray[np.bool_]
    counted: NDArray[np.bool_]


def find_errors(
    matches: Matches, pairs: Pairs, thr: int, pos_thr: float, bg_thr: float, area: str = 'all'
) -> Errors:
    """Give every wrong detection its type.

    Args:
        matches: at `pos_thr` among others.
        pairs: of all classes, with overlaps from `bg_thr` at the latest.
        thr: number of `pos_thr` among the matched thresholds.
        pos_thr: overlap with which an object is found.
        bg_thr: overlap up to which a detection lies on the background.
        area: name of the size of any object.
    """
    scene, size = matches.scene, area_number(matches, area)
    labels, gt_labels = scene.detections.labels, scene.objects.labels
    verdict = matches.verdict(thr, size)
    counted = ~matches.gt_ignore[size]
    found = np.zeros(len(gt_labels), dtype=np.bool_)
    found[matches.matched_gt(thr, size)[verdict == TRUE]] = True

    wrong = verdict == FALSE
    pairs = pairs.where(wrong[pairs.det] & counted[pairs.gt] & (pairs.iou >= bg_thr))
    same = labels[pairs.det] == gt_labels[pairs.gt]
    own_gt, own_iou = _nearest(pairs.where(same), len(labels))
    other_gt, other_iou = _nearest(pairs.where(~same), len(labels))
    _, twice_iou = _nearest(pairs.where(same & found[pairs.gt]), len(labels))

    error = np.full(len(labels), NO_ERROR, dtype=np.int8)
    target = np.full(len(labels), -1, dtype=np.int64)
    error[wrong] = BOTH
    error[wrong & (np.maximum(own_iou, other_iou) <= bg_thr)] = BKG  # the first that fits is last
    error[wrong & (twice_iou >= pos_thr)] = DUPE
    error[wrong & (other_iou >= pos_thr)] = CLS
    error[wrong & (own_iou >= bg_thr) & (own_iou <= pos_thr)] = LOC
    target[error == CLS] = other_gt[error == CLS]
    target[error == LOC] = own_gt[error == LOC]

    about_missed = np.flatnonzero(target >= 0)
    about_missed = about_missed[~found[target[about_missed]]]
    missed = counted & ~found
    missed[target[about_missed]] = False
    order = about_missed[np.argsort(-scene.detections.scores[about_missed], kind='stable')]
    repairs = np.zeros(len(labels), dtype=np.bool_)
    repairs[order[np.unique(target[order], return_index=True)[1]]] = True
    return Errors(verdict, error, target, repairs, found, missed, counted)


def _nearest(pairs: Pairs, num_dets: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Object that each detection overlaps most (N,), of equals the first, and how much (N,).

    -1 and -1.0 where a detection is in no pair.
    """
    nearest = np.full(num_dets, -1, dtype=np.int64)
    iou = np.full(num_dets, -1.0)
    if not len(pairs):
        return nearest, iou
    begins = np.flatnonzero(np.diff(pairs.det, prepend=-1))
    most = np.maximum.reduceat(pairs.iou, begins)
    at_most = np.flatnonzero(pairs.iou == np.repeat(most, np.diff(begins, append=len(pairs))))
    first = at_most[np.flatnonzero(np.diff(pairs.det[at_most], prepend=-1))]
    nearest[pairs.det[first]] = pairs.gt[first]
    iou[pairs.det[first]] = most
    return nearest, iou
