"""Intervals of what a validation reports: mAP, AP of each class, precision, recall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_counts import image_tallies, replicate_points
from mmholdout.metrics.bootstrap_fast import Curve, mean_over_present, replicate_aps
from mmholdout.metrics.bootstrap_order import bootstrap_order
from mmholdout.metrics.intervals import (
    MIN_DETECTIONS,
    Interval,
    ratio_interval,
    too_little_support,
)
from mmholdout.metrics.judged_images import JudgedImages
from mmholdout.metrics.keys import INTERVAL_METRICS, class_key, interval_keys


@dataclass(frozen=True)
class Intervals:
    """What is known about the noise of one measurement.

    Attributes:
        found: metric key -> interval.
        reasons: metric key -> why there is none.
    """

    found: Mapping[str, Interval]
    reasons: Mapping[str, str]

    def to_dict(self) -> dict[str, float]:
        """Metric keys as in `interval_keys`; what has no interval is absent."""
        values: dict[str, float] = {}
        for key in INTERVAL_METRICS:
            if key in self.found:
                low, high = interval_keys(key)
                values |= {low: self.found[key].low, high: self.found[key].high}
        return values


def bootstrap_intervals(
    judged: JudgedImages,
    values: Mapping[str, float],
    classes: Sequence[str],
    replicates: int,
    curve: Curve = 'area',
    seed: int = 0,
) -> Intervals:
    """95 % intervals from resampling the images.

    Precision and recall are those at `values['score_thr']`: that the threshold was chosen on the
    same images is not part of their interval.

    Args:
        judged: right and wrong detections at the overlap of the mAP.
        values: measured metrics by key, without a split's prefix; of others there is no interval.
        classes: names in label order.
        replicates: how many.
        curve: how the APs in `values` were computed; see `weighted_aps`.
        seed: of the draws.
    """
    objects = np.bincount(judged.object_labels, minlength=len(classes))
    support = too_little_support(
        judged.num_images, float(objects.sum() / max(1, (objects > 0).sum()))
    )
    wanted = ['mAP', 'precision', 'recall', *(class_key(name) for name in classes)]
    measured = [key for key in wanted if key in values]
    if support is not None:
        return Intervals({}, dict.fromkeys(measured, support))

    draws = Draws(judged.num_images, replicates, seed)
    aps = replicate_aps(bootstrap_order(judged), draws, curve)
    drawn = {'mAP': mean_over_present(aps)} | dict(zip(map(class_key, classes), aps))
    reasons = {
        class_key(name): reason
        for name, count in zip(classes, objects.tolist())
        if (reason := too_little_support(judged.num_images, count)) is not None
    }
    if 'score_thr' in values:
        tallies = image_tallies(judged, values['score_thr'])
        drawn['precision'], drawn['recall'] = replicate_points(tallies, draws)
        if (kept := int(tallies[:, 1].sum())) < MIN_DETECTIONS:
            reasons['precision'] = f'too few detections ({kept} < {MIN_DETECTIONS})'
    return _collect(measured, values, drawn, reasons, judged.num_images)


def _collect(
    keys: Sequence[str],
    values: Mapping[str, float],
    drawn: Mapping[str, NDArray[np.float64]],
    reasons: Mapping[str, str],
    num_images: int,
) -> Intervals:
    found, without = {}, {}
    for key in keys:
        if key in reasons or key not in drawn:
            without[key] = reasons.get(key, 'no score threshold was chosen')
            continue
        interval = ratio_interval(values[key], drawn[key], num_images)
        if interval is None:
            without[key] = 'no resampling of the images changes it'
        else:
            found[key] = interval
    return Intervals(found, without)
