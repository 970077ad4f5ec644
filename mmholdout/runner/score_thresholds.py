"""The score thresholds that validation chose, which test and prediction use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import CheckpointError
from mmholdout.metrics.class_points import LEAST_OBJECTS
from mmholdout.splits.listed import listed

CLASS_SCORE_THRS = 'class_score_thrs'  # in a checkpoint's meta
_DEFAULT = 0.5


def best_class_score_thrs(metrics: Iterable[Any]) -> dict[str, float]:
    """By class, of the first metric that has any, from the pass that it has just measured."""
    for metric in metrics:
        found = getattr(metric, 'best_class_score_thrs', None)
        if found is not None:
            return dict(found)
    return {}


def chosen_score_thr(meta: Mapping[str, Any]) -> float | None:
    """That of the best F1 over all classes; None where no validation chose one.

    A refit has that of the run whose epochs it repeats.
    """
    thr: float | None = (meta.get('chosen') or {}).get('val/score_thr')
    return (meta.get('refit') or {}).get('score_thr') if thr is None else thr


def differing_thresholds(said: Mapping[str, float], now: Mapping[str, float]) -> list[str]:
    """A sentence for each class whose threshold is not what it should be."""
    return [
        f'the score threshold of class {name!r} is {said.get(name)!r}, but {now.get(name)!r}'
        for name in sorted(said.keys() | now.keys())
        if said.get(name) != now.get(name)
    ]


@dataclass(frozen=True)
class ScoreThresholds:
    """What is kept.

    Attributes:
        overall: of the classes that have no own one.
        source: where `overall` is from, in words.
        per_class: own thresholds by class.
        classes: names in label order.
    """

    overall: float
    source: str
    per_class: Mapping[str, float] = field(default_factory=dict)
    classes: Sequence[str] = ()

    def of_labels(self, labels: NDArray[np.int64]) -> NDArray[np.float64]:
        """The threshold for each label (N,)."""
        thrs = [self.per_class.get(name, self.overall) for name in self.classes]
        return np.array(thrs, dtype=np.float64)[labels]

    def text(self) -> str:
        """'objects scored 0.31 or more (...)'."""
        overall = f'scored {self.overall:.2f} or more ({self.source})'
        if not self.per_class:
            return f'objects {overall}'
        own = ', '.join(f'{name} {thr:.2f}' for name, thr in self.per_class.items())
        rest = [name for name in self.classes if name not in self.per_class]
        others = f'; {listed(rest)}: {overall}' if rest else ''
        return f'objects at the thresholds of their classes: {own}{others}'


def thresholds_of(
    meta: Mapping[str, Any],
    source: str,
    score_thr: float | None = None,
    per_class: bool = False,
) -> tuple[ScoreThresholds, list[str]]:
    """The thresholds to predict with, and remarks on what was not to be had.

    Args:
        meta: of the checkpoint.
        source: its name, for messages.
        score_thr: one that was given; it comes before what validation chose.
        per_class: a threshold for each class; those with too few objects in val have none.

    Raises:
        CheckpointError: `per_class`, and the checkpoint has no such thresholds.
    """
    classes = tuple(meta['classes'])
    if score_thr is not None:
        return ScoreThresholds(float(score_thr), 'as given', classes=classes), []
    thr = chosen_score_thr(meta)
    if thr is None:
        overall = ScoreThresholds(_DEFAULT, 'no validation chose one', classes=classes)
    else:
        where = ' of the run that this is a refit of' if meta.get('refit') else ''
        overall = ScoreThresholds(thr, f'chosen by validation{where}, best F1', classes=classes)
    if not per_class:
        return overall, []
    if CLASS_SCORE_THRS not in meta:
        raise CheckpointError(
            f'{source} has no thresholds by class: only best_model.pth has them, since they were '
            'introduced. Leave --per-class-thr out for the one of all classes'
        )
    own = {name: thr for name, thr in meta[CLASS_SCORE_THRS].items() if name in classes}
    rest = [name for name in classes if name not in own]
    remarks = [
        f'{listed(rest)}: fewer than {LEAST_OBJECTS} objects in val (or nothing detected), so no '
        f'threshold of their own; {overall.overall:.2f} is used'
    ]
    return (
        ScoreThresholds(overall.overall, overall.source, own, classes),
        remarks * bool(rest),
    )
