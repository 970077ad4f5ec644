"""Scenes to measure, and mmdet's `eval_map` as the oracle."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mmholdout.metrics.detections import Detections, GroundTruth

Scene = tuple[list[Detections], list[GroundTruth], int]


class StableNumpy:
    """NumPy for mmdet's module, with ties in one stated order instead of quicksort's."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def argsort(values: np.ndarray) -> np.ndarray:
        return np.argsort(values, kind='stable')


class InlinePool:
    """A process pool of one, without the process."""

    def __init__(self, processes: int) -> None:
        pass

    def starmap(self, function: Callable, arguments: Any) -> list:
        return [function(*each) for each in arguments]

    def close(self) -> None:
        pass


@pytest.fixture(scope='session')
def mean_ap_module() -> Any:
    import mmholdout.registry  # noqa: F401  (supplies mmcv's operators, which mmdet imports)

    return pytest.importorskip('mmdet.evaluation.functional.mean_ap')


@pytest.fixture(scope='session')
def official(mean_ap_module: Any) -> Any:
    """`run(scene, **kwargs)` -> eval_map's (mAP, rows); `.stable` = ties in stated order."""

    def run(scene: Scene, **kwargs: Any) -> tuple[float, list[dict]]:
        return mean_ap_module.eval_map(*to_mmdet(scene), logger='silent', **kwargs)

    def stable(scene: Scene, **kwargs: Any) -> tuple[float, list[dict]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mean_ap_module, 'np', StableNumpy())
            patch.setattr(mean_ap_module, 'Pool', InlinePool)
            return run(scene, **kwargs)

    return SimpleNamespace(untouched=run, stable=stable)


def to_mmdet(scene: Scene) -> tuple[list, list]:
    detections, ground_truth, num_classes = scene
    results = [
        [
            np.column_stack([d.bboxes, d.scores])[d.labels == label].astype(np.float32)
            for label in range(num_classes)
        ]
        for d in detections
    ]
    annotations = [
        {
            'bboxes': g.bboxes[~g.ignore],
            'labels': g.labels[~g.ignore],
            'bboxes_ignore': g.bboxes[g.ignore],
            'labels_ignore': g.labels[g.ignore],
        }
        for g in ground_truth
    ]
    return results, annotations


@pytest.fixture(scope='session')
def make_scene() -> Callable[..., Scene]:
    return random_scene


def random_scene(
    seed: int,
    images: int = 3,
    classes: int = 2,
    max_dets: int = 12,
    max_gts: int = 5,
    grid: int | None = 8,
    ignored: float = 0.2,
    score_levels: int | None = 4,
) -> Scene:
    """Random boxes.

    With `grid`, corners are small whole numbers, so that duplicates, touching boxes, overlaps of
    exactly a threshold and boxes without area abound, and float32 is as exact as float64. With
    `score_levels` most scores are tied.
    """
    rng = np.random.default_rng(seed)

    def boxes(count: int) -> np.ndarray:
        if grid is None:
            corner = rng.uniform(0, 60, (count, 2))
            return np.hstack([corner, corner + rng.uniform(5, 60, (count, 2))]).astype(np.float32)
        return ordered(rng.integers(0, grid, (count, 4))).astype(np.float32)

    def ordered(corners: np.ndarray) -> np.ndarray:
        return np.sort(corners.reshape(-1, 2, 2), axis=1).reshape(-1, 4)

    detections, ground_truth = [], []
    for _ in range(images):
        truth = boxes(int(rng.integers(0, max_gts + 1)))
        labels = rng.integers(0, classes, len(truth))
        ground_truth.append(GroundTruth(truth, labels, rng.random(len(truth)) < ignored))
        found = boxes(int(rng.integers(0, max_dets + 1)))
        found_labels = rng.integers(0, classes, len(found))
        if len(truth) and len(found):  # most detections sit near an object
            near = rng.random(len(found)) < 0.7
            which = rng.integers(0, len(truth), len(found))
            shift = (
                rng.integers(-1, 2, (len(found), 4)) if grid else rng.normal(0, 3, (len(found), 4))
            )
            found = np.where(near[:, None], truth[which] + shift, found)
            found = ordered(found).astype(np.float32)  # a shift can turn a thin box over
            found_labels = np.where(near, labels[which], found_labels)
        if score_levels:
            scores = rng.integers(1, score_levels + 1, len(found)) / np.float32(score_levels)
        else:
            scores = rng.random(len(found))
        detections.append(Detections(found, scores.astype(np.float32), found_labels))
    return detections, ground_truth, classes
