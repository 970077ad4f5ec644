"""Which class is taken for which, with a row and a column for the background.

The rule: in each image, all detections that are kept come in falling score whatever their class
(of equal scores, the one given first). Each takes the object that it overlaps most among those
nobody took, of any class; of equal overlaps one of its own class, then the one given last. A
detection left without an object is one of the background, unless it finds an ignored object of its
own class: then it counts nowhere (a crowd is found any number of times, other objects once). So a
detection of the right class loses its object to a wrong one of higher score, which matching class
by class, and thus AP, does not see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.options import is_number
from mmholdout.metrics.pairs import Pairs, overlapping_pairs
from mmholdout.metrics.scene import Scene, SceneDetections


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts of a split.

    Attributes:
        counts: int64 (K + 1, K + 1): rows are true classes, columns detected ones, the last of
            each is the background. A row sums to the objects of its class, a column to the kept
            detections of its class; background on background is 0.
        score_thr: what was kept.
        iou_thr: overlap that suffices.
        num_ignored: kept detections that count nowhere.
    """

    counts: NDArray[np.int64]
    score_thr: float
    iou_thr: float
    num_ignored: int

    def rates(self) -> NDArray[np.float64]:
        """Shares of each row (K + 1, K + 1); NaN in the row of a class without objects."""
        total = self.counts.sum(axis=1, keepdims=True)
        rates: NDArray[np.float64] = self.counts / np.where(total > 0, total, np.nan)
        return rates


def confusion_matrix(
    scene: Scene, score_thr: float, iou_thr: float = 0.5, pairs: Pairs | None = None
) -> Confusion:
    """Count by the rule above.

    Args:
        scene: detections and objects.
        score_thr: a detection with exactly this score is kept, such as that of the best F1.
        iou_thr: an overlap of exactly this much suffices.
        pairs: from `overlapping_pairs(..., across_classes=True)` where they are known already,
            with a `least_iou` of at most `iou_thr`.

    Raises:
        ConfigError: a threshold is impossible.
    """
    if not is_number(score_thr):
        raise ConfigError(f'score_thr is {score_thr!r}; a finite number is needed')
    options = COCOOptions(
        iou_thrs=(iou_thr,),
        areas={'any': (0.0, np.inf)},
        max_dets=(max(1, len(scene.detections)),),
    )
    least = min(iou_thr, 1 - 1e-10)  # as in `match_coco`
    if pairs is None:
        pairs = overlapping_pairs(scene, least, across_classes=True)
    found, objects = scene.detections, scene.objects
    kept = found.scores >= score_thr
    gt = _matched(scene, pairs.where(pairs.iou >= least), kept, options)
    labels = found.labels[kept]

    background = scene.num_classes
    is_ignored = (gt >= 0) & objects.ignore[gt] if len(objects) else np.zeros(len(gt), bool)
    truth = np.append(objects.labels, background)[gt]  # -1 is the last
    rows, columns = truth[~is_ignored], labels[~is_ignored]
    missed = ~objects.ignore
    missed[gt[gt >= 0]] = False
    rows = np.append(rows, objects.labels[missed])
    columns = np.append(columns, np.full(int(missed.sum()), background))
    size = background + 1
    return Confusion(
        counts=np.bincount(rows * size + columns, minlength=size * size).reshape(size, size),
        score_thr=float(score_thr),
        iou_thr=float(iou_thr),
        num_ignored=int(is_ignored.sum()),
    )


def _matched(
    scene: Scene, pairs: Pairs, kept: NDArray[np.bool_], options: COCOOptions
) -> NDArray[np.int64]:
    """Object of each kept detection (n,), -1 where none: COCO's matching, as if of one class."""
    found, objects = scene.detections, scene.objects
    same = found.labels[pairs.det] == objects.labels[pairs.gt]
    usable = kept[pairs.det] & (same | ~objects.ignore[pairs.gt])
    pairs, same = pairs.where(usable), same[usable]
    # one step of the floats decides between overlaps that are equal, and no others
    overlap = np.where(same, np.nextafter(pairs.iou, 2), pairs.iou)
    place = np.cumsum(kept) - 1
    one_class = Scene(
        scene.image_names,
        1,
        SceneDetections(
            found.image[kept],
            found.bboxes[kept],
            np.zeros(int(kept.sum()), dtype=np.int64),
            found.scores[kept],
        ),
        replace(objects, labels=np.zeros_like(objects.labels)),
    )
    return match_coco(one_class, options, Pairs(place[pairs.det], pairs.gt, overlap)).matched_gt(0)
