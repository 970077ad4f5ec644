"""Predictions and ground truth in COCO's JSON, from any trainer, ready to be measured."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.coco_predictions_file import PredictionsFile, read_predictions
from mmholdout.metrics.coco_truth_file import TruthFile, read_truth
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene import Scene
from mmholdout.metrics.scene_build import scene_from_arrays


@dataclass(frozen=True, eq=False)
class COCOFiles:
    """Two files that fit together."""

    truth: TruthFile
    predictions: PredictionsFile

    def image_names(self) -> list[str]:
        """Ids, with the file's name where there is one, for messages."""
        pairs = zip(self.truth.image_ids, self.truth.file_names)
        return [str(number) if name is None else f'{number} ({name})' for number, name in pairs]

    def scene(self) -> Scene:
        """For the COCO evaluation. Images come in the order of their ids, as in pycocotools.

        The word `ignore` is not read, as in pycocotools; crowds are ignored.
        """
        truth, found = self.truth.objects, self.predictions
        return scene_from_arrays(
            np.arange(len(self.truth.image_ids)),
            len(self.truth.classes),
            det_images=found.images,
            det_bboxes=found.bboxes,
            det_labels=found.labels,
            det_scores=found.scores,
            gt_images=truth.images,
            gt_bboxes=truth.bboxes,
            gt_labels=truth.labels,
            gt_crowd=truth.crowd,
            gt_areas=truth.areas,
        )

    def per_image(self) -> tuple[list[Detections], list[GroundTruth]]:
        """For the VOC evaluation: float32 corners; crowds and `ignore` count as difficult."""
        truth, found = self.truth.objects, self.predictions
        detections = [
            Detections(_corners(found.bboxes[own]), found.scores[own], found.labels[own])
            for own in self._rows(found.images)
        ]
        difficult = truth.crowd | truth.ignore
        ground_truth = [
            GroundTruth(_corners(truth.bboxes[own]), truth.labels[own], difficult[own])
            for own in self._rows(truth.images)
        ]
        return detections, ground_truth

    def _rows(self, images: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Indices of each image's rows, in the order of the file."""
        order = np.argsort(images, kind='stable')
        starts = np.searchsorted(images[order], np.arange(1, len(self.truth.image_ids)))
        return np.split(order, starts)


def read_coco_files(predictions: str | Path, ground_truth: str | Path) -> COCOFiles:
    """Read and check both.

    Raises:
        DataError: all kinds of defects of a file at once, each with the first image, annotation
            or detection; those of the ground truth first, without which nothing can be said
            about predictions.
    """
    with _no_collector():
        truth = read_truth(Path(ground_truth))
        found = read_predictions(Path(predictions), truth.image_ids, truth.category_ids)
    return COCOFiles(truth, found)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of new objects and no cycle: looking for cycles would double the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _corners(bboxes: NDArray[np.float64]) -> NDArray[np.float32]:
    corners = bboxes.copy()
    corners[:, 2:] += corners[:, :2]
    return corners.astype(np.float32)
