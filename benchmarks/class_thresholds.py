"""From how many objects on a class is better off with a score threshold of its own.

    python benchmarks/class_thresholds.py

Eight simulated classes, of which one has few objects and the others 100 each. Scores of right and
wrong detections are normal, two standard deviations apart; each class's are shifted by a normal
amount. Thresholds of the best F1 are chosen on them, and F1 of the first class is measured on
5,000 new objects. Means over 400 repetitions, with their standard errors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.operating_point import best_f1_point, point_at

OBJECTS = (3, 5, 10, 20, 50)
SHIFTS = (0.3, 0.6, 1.0)
_REPEATS, _CLASSES, _OTHERS, _NEW = 400, 8, 100, 5000
_RECALL, _WRONG_PER_OBJECT, _APART = 0.8, 5, 2.0

Sample = tuple[NDArray[np.float64], NDArray[np.bool_]]


def draw(rng: np.random.Generator, objects: int, mean: float) -> Sample:
    """Scores and which detections are right."""
    right = rng.binomial(objects, _RECALL)
    wrong = rng.poisson(_WRONG_PER_OBJECT * objects)
    scores = [rng.normal(mean, 1, right), rng.normal(mean - _APART, 1, wrong)]
    return np.concatenate(scores), np.arange(right + wrong) < right


def difference(rng: np.random.Generator, objects: int, shift: float) -> float | None:
    """F1 at the own threshold less F1 at the common one; None where nothing was detected."""
    means = rng.normal(0, shift, _CLASSES)
    numbers = [objects, *[_OTHERS] * (_CLASSES - 1)]
    samples = [draw(rng, number, mean) for number, mean in zip(numbers, means)]
    scores, is_true = (np.concatenate(part) for part in zip(*samples))
    common = best_f1_point(scores, is_true, sum(numbers)).score_thr
    own = best_f1_point(*samples[0], objects).score_thr
    if own is None or common is None:
        return None
    new = draw(rng, _NEW, means[0])
    return point_at(*new, _NEW, own).f1 - point_at(*new, _NEW, common).f1


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(0)
    print('| shift between classes | ' + ' | '.join(f'{n} objects' for n in OBJECTS) + ' |')
    print('| --- |' + ' --- |' * len(OBJECTS))
    for shift in SHIFTS:
        cells = []
        for objects in OBJECTS:
            found = [difference(rng, objects, shift) for _ in range(_REPEATS)]
            values = np.array([one for one in found if one is not None])
            error = values.std() / np.sqrt(len(values))
            cells.append(f'{values.mean():+.3f} ± {error:.3f}')
        print(f'| {shift:g} | ' + ' | '.join(cells) + ' |')


if __name__ == '__main__':
    main()
