"""Whether one set of predictions is better than another on the same images, or only luckier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import DataError
from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_fast import Curve, mean_over_present, replicate_aps
from mmholdout.metrics.bootstrap_order import BootstrapOrder

REPLICATES = 1000


@dataclass(frozen=True)
class Comparison:
    """What the replicates say.

    Attributes:
        p_better: share of the replicates in which the new predictions have the higher mAP; one
            in which both are equal counts half.
        low: of the 95 % percentile interval of the difference new - old.
        high: likewise.
    """

    p_better: float
    low: float
    high: float


def paired_bootstrap(
    new: BootstrapOrder,
    old: BootstrapOrder,
    replicates: int = REPLICATES,
    seed: int = 0,
    curve: Curve = 'area',
) -> Comparison:
    """Compare mAP under the same draws for both.

    The images' difficulty is common to both and cancels, so that the difference is known far
    better than either mAP.

    Args:
        new: predictions.
        old: others of the same images.
        replicates: how many.
        seed: of the draws.
        curve: see `weighted_aps`.

    Raises:
        DataError: the images or the objects on them differ.
    """
    _check_same(new, old)
    draws = Draws(new.num_images, replicates, seed)
    first, second = (mean_over_present(replicate_aps(order, draws, curve)) for order in (new, old))
    difference: NDArray[np.float64] = first - second
    difference = difference[~np.isnan(difference)]
    if not len(difference):
        raise DataError('no resampling of the images has an object, so nothing can be compared')
    low, high = np.quantile(difference, [0.025, 0.975])
    wins = float((difference > 0).mean() + (difference == 0).mean() / 2)
    return Comparison(wins, float(low), float(high))


def _check_same(new: BootstrapOrder, old: BootstrapOrder) -> None:
    if new.num_images != old.num_images or new.num_classes != old.num_classes:
        raise DataError(
            f'{new.num_images} images of {new.num_classes} classes cannot be compared with '
            f'{old.num_images} of {old.num_classes}: the same images are needed'
        )
    for mine, other in (
        (new.object_image, old.object_image),
        (new.object_labels, old.object_labels),
    ):
        if not np.array_equal(mine, other):
            raise DataError('the objects on the images differ, so predictions cannot be compared')
