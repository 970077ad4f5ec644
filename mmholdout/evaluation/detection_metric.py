"""The predictions of one pass over a split, each image once, and the truth they are measured by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from mmengine.dist import all_gather_object

from mmholdout.errors import DataError
from mmholdout.evaluation.ground_truth import ImageId, read_classes, read_ground_truth
from mmholdout.evaluation.predictions import read_predictions
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.splits.listed import listed


class DetectionMetric:
    """What every metric of detections does but for the arithmetic, which is `measure`'s.

    Not an mmengine `BaseMetric`: that one takes the truth from the samples and drops what a
    distributed sampler padded by counting; here the truth is the dataset's, and every image
    counts once because it has an id.

        begin(dataset)              the truth
        process(batch, samples)     once per batch
        compute()                   {'mAP': 0.75, ...}, and `predictions`

    A metric that has `predictions` and `take` can be computed again by `verify_run`.
    """

    def __init__(self) -> None:
        self._truth_of: WeakKeyDictionary[Any, dict[ImageId, GroundTruth]] = WeakKeyDictionary()
        self._truth: dict[ImageId, GroundTruth] | None = None
        self._classes: tuple[str, ...] = ()
        self._score_thr: float | None = None
        self._detections: dict[ImageId, Detections] = {}
        self._gathered: dict[ImageId, Detections] = {}

    def measure(
        self,
        detections: Sequence[Detections],
        ground_truth: Sequence[GroundTruth],
        image_names: Sequence[ImageId],
    ) -> dict[str, float]:
        """Metrics of a whole split, one entry per image; keys without the split's prefix.

        Raises:
            DataError: there is nothing to measure.
        """
        raise NotImplementedError

    def begin(self, dataset: Any, score_thr: float | None = None) -> None:
        """Start a pass; a dataset's annotations are read the first time it comes.

        Args:
            dataset: see `read_ground_truth`.
            score_thr: threshold of precision, recall and F1 (test: the one that validation
                chose); None takes that of the best F1.
        """
        if dataset not in self._truth_of:
            self._truth_of[dataset] = read_ground_truth(dataset)
        self._truth = self._truth_of[dataset]
        self._classes = read_classes(dataset)
        self._score_thr = score_thr
        self._detections, self._gathered = {}, {}

    def process(self, data_batch: Any, data_samples: Sequence[Any]) -> None:  # noqa: ARG002
        """Keep one batch's predictions, in original pixels; see `read_predictions`.

        Raises:
            DataError: an image is not of the dataset.
        """
        for sample in data_samples:
            img_id, detections = read_predictions(sample)
            if img_id not in self._begun():
                raise DataError(f'predictions for image {img_id!r}, which the dataset has not')
            self._detections.setdefault(img_id, detections)

    def take(self, detections: Mapping[ImageId, Detections]) -> None:
        """Keep stored predictions instead; 7 and '7' are the same image.

        Raises:
            DataError: an image is not of the dataset.
        """
        known = {str(img_id): img_id for img_id in self._begun()}
        strangers = [repr(img_id) for img_id in detections if str(img_id) not in known]
        if strangers:
            raise DataError(f'predictions for {listed(strangers)}, which the dataset has not')
        self._detections |= {known[str(i)]: found for i, found in detections.items()}

    @property
    def predictions(self) -> dict[ImageId, Detections]:
        """Of the pass that `compute` has measured, in dataset order."""
        return {img_id: self._gathered[img_id] for img_id in self._begun()}

    def compute(self) -> dict[str, float]:
        """Metrics of the pass, keys without the split's prefix; the same on every rank.

        Raises:
            DataError: images without predictions, or what `measure` refuses.
        """
        truth = self._begun()
        detections: dict[ImageId, Detections] = {}
        # Every rank evaluates: one that only waited for the result would hang on an error.
        for of_rank in all_gather_object(self._detections):
            detections = of_rank | detections
        missing = [img_id for img_id in truth if img_id not in detections]
        if missing:
            some = ', '.join(repr(img_id) for img_id in missing[:5])
            raise DataError(
                f'{len(missing)} of {len(truth)} images have no predictions: {some}'
                f'{", ..." if len(missing) > 5 else ""}; the pass did not reach them'
            )
        self._gathered = detections
        return self.measure([detections[i] for i in truth], list(truth.values()), list(truth))

    def _begun(self) -> dict[ImageId, GroundTruth]:
        if self._truth is None:
            raise RuntimeError(
                f'{type(self).__name__}.begin(dataset) was not called before the pass'
            )
        return self._truth
