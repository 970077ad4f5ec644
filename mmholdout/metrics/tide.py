"""How much average precision each type of error costs: TIDE.

Source: Bolya et al., TIDE: A General Toolbox for Identifying Object Detection Errors, 2020. The
cost of a type is what AP gains when only the errors of this type are repaired; the costs of all
types do not sum to what is missing.

Where this differs from the authors' tidecv 1.0.1: AP is COCO's, so it starts from `coco_AP50` (100
detections per image and class, not per image; a class without objects takes no part; the recall
points are those of pycocotools); of equal overlaps the later object is found, as in COCO; equal
scores keep their order when something is repaired; detections that find an ignored object count
nowhere, so they neither are errors nor are repaired. Costs are shares of 1, not of 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mmholdout.errors import ConfigError
from mmholdout.metrics.judged import thr_number
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.options import is_number
from mmholdout.metrics.pairs import Pairs, overlapping_pairs
from mmholdout.metrics.tide_errors import BKG, BOTH, CLS, DUPE, LOC, Errors, find_errors
from mmholdout.metrics.tide_repair import as_it_is, mean_ap, repaired, true_first, without_objects

_KINDS = {'cls': CLS, 'loc': LOC, 'both': BOTH, 'dupe': DUPE, 'bkg': BKG}
TIDE_TYPES: Mapping[str, str] = {
    'cls': 'right place, wrong class',
    'loc': 'right class, place not good enough',
    'both': 'wrong class, and place not good enough',
    'dupe': 'an object that a higher score has found already',
    'bkg': 'nothing is there',
    'miss': 'an object that no detection comes near',
    'false_pos': 'all wrong detections',
    'false_neg': 'all objects that are not found',
}


@dataclass(frozen=True, eq=False)
class Tide:
    """Errors of a split.

    Attributes:
        ap: average precision at `pos_thr`, nothing repaired; None without objects.
        cost: for each of `TIDE_TYPES` what AP gains by its repair, at least 0.0; empty without
            objects. `false_pos` puts all wrong detections below the right ones, `false_neg`
            takes away all objects that are not found.
        counts: how many errors of each type; of `false_pos` and `false_neg`, how many in all.
        errors: of each detection and object.
        pos_thr: overlap with which an object is found.
        bg_thr: overlap up to which a detection lies on the background.
    """

    ap: float | None
    cost: Mapping[str, float]
    counts: Mapping[str, int]
    errors: Errors
    pos_thr: float
    bg_thr: float


def tide(
    matches: Matches, pairs: Pairs | None = None, pos_thr: float = 0.5, bg_thr: float = 0.1
) -> Tide:
    """Find the errors and their costs, without matching again.

    Args:
        matches: from `match_coco`, with `pos_thr` among its thresholds and 'all' among its sizes.
        pairs: from `overlapping_pairs(scene, bg_thr, across_classes=True)`, where they are known
            already; a lower `least_iou` does no harm.
        pos_thr: overlap with which an object is found.
        bg_thr: overlap up to which a detection lies on the background.

    Raises:
        ConfigError: `bg_thr` is not above 0 and below `pos_thr`, or `pos_thr` was not matched.
    """
    thr = thr_number(matches, pos_thr)
    if not is_number(bg_thr) or not 0 < bg_thr < pos_thr:
        raise ConfigError(f'bg_thr is {bg_thr!r}; above 0 and below pos_thr ({pos_thr}) is needed')
    scene = matches.scene
    if pairs is None:
        pairs = overlapping_pairs(scene, bg_thr, across_classes=True)
    errors = find_errors(matches, pairs, thr, pos_thr, bg_thr)
    counts = {name: int((errors.error == kind).sum()) for name, kind in _KINDS.items()}
    not_found = errors.counted & ~errors.found
    counts |= {
        'miss': int(errors.missed.sum()),
        'false_pos': sum(counts.values()),
        'false_neg': int(not_found.sum()),
    }

    plain = as_it_is(scene, errors)
    outcomes = {name: repaired(plain, errors, kind, scene) for name, kind in _KINDS.items()}
    outcomes |= {
        'miss': without_objects(plain, errors.missed),
        'false_pos': true_first(plain),
        'false_neg': without_objects(plain, not_found),
    }
    labels = scene.objects.labels[errors.counted]
    has_objects = np.bincount(labels, minlength=scene.num_classes) > 0
    ap = mean_ap(plain, scene, has_objects)
    cost = {}
    if ap is not None:
        for name, outcome in outcomes.items():
            # where no class is left to measure, everything that counted was repaired
            better = mean_ap(outcome, scene, has_objects)
            cost[name] = max(0.0, (1.0 if better is None else better) - ap)
    return Tide(ap, cost, counts, errors, pos_thr, bg_thr)
