"""The evaluation of a split as the loops use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from mmengine.dist import all_gather_object

from mmholdout.errors import DataError
from mmholdout.evaluation.ground_truth import ImageId, read_classes, read_ground_truth
from mmholdout.evaluation.predictions import read_predictions
from mmholdout.metrics.average_precision import ApMode
from mmholdout.metrics.class_points import supported_score_thrs
from mmholdout.metrics.detection_options import DetectionOptions, detection_keys
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.evaluate_split import SplitResult, evaluate_split
from mmholdout.metrics.keys import Mode
from mmholdout.metrics.options import VOCOptions
from mmholdout.metrics.voc_result import VOCResult
from mmholdout.registry import METRICS
from mmholdout.splits.listed import listed


@METRICS.register_module()
class DetectionMetric:
    """VOC's numbers of one pass over a split, and COCO's or the errors where they are asked for.

    Not an mmengine `BaseMetric`: that one takes the truth from the samples and drops what a
    distributed sampler padded by counting; here the truth is the dataset's, and every image
    counts once because it has an id.

        begin(dataset)              the truth
        process(batch, samples)     once per batch
        compute()                   {'mAP': 0.75, ...}, and then for tables `result` (VOC's),
                                    `split_result` (all), `predictions`

    A metric that has `predictions` and `take` can be computed again by `verify_run`.

    Args:
        iou_thr: overlap for mAP, precision, recall and F1.
        ap_mode: 'area' or '11points'.
        legacy_pixel: whether a box includes its last pixel, as in the VOC devkit.
        score_thr: threshold of precision_fixed, recall_fixed and F1_fixed.
        also: 'coco' for COCO's numbers, 'errors' for what goes wrong; set by `evaluation.metric`.

    Attributes:
        class_score_thrs: thresholds by class that validation chose, for a test: a class without
            one gets that of all. None, as in validation, takes those of the best F1.

    Raises:
        ConfigError: an argument is impossible.
    """

    def __init__(
        self,
        iou_thr: float = 0.5,
        ap_mode: ApMode = 'area',
        legacy_pixel: bool = False,
        score_thr: float = 0.5,
        also: Sequence[str] = (),
    ) -> None:
        self._all_options = DetectionOptions(iou_thr, ap_mode, legacy_pixel, score_thr, also)
        self.options: VOCOptions = self._all_options
        self.class_score_thrs: Mapping[str, float] | None = None
        self.split_result: SplitResult | None = None
        self._truth_of: WeakKeyDictionary[Any, dict[ImageId, GroundTruth]] = WeakKeyDictionary()
        self._truth: dict[ImageId, GroundTruth] | None = None
        self._classes: tuple[str, ...] = ()
        self._score_thr: float | None = None
        self._detections: dict[ImageId, Detections] = {}
        self._gathered: dict[ImageId, Detections] = {}

    @staticmethod
    def declared_keys(
        classes: Sequence[str] = (), iou_thr: float = 0.5, also: Sequence[str] = ()
    ) -> dict[str, Mode | None]:
        """Keys of `compute` and their directions, known without data."""
        return detection_keys(classes, iou_thr, also)

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
        self.split_result = None

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
            DataError: images without predictions, or what `evaluate_split` refuses.
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
        self.split_result = evaluate_split(
            [detections[img_id] for img_id in truth],
            list(truth.values()),
            self._classes,
            self._all_options,
            score_thr=self._score_thr,
            class_score_thrs=self.class_score_thrs,
            image_names=list(truth),
        )
        return self.split_result.to_dict()

    @property
    def result(self) -> VOCResult | None:
        """VOC's numbers of the pass that `compute` has measured; None before."""
        return None if self.split_result is None else self.split_result.voc

    @property
    def best_class_score_thrs(self) -> dict[str, float]:
        """Threshold of the best F1 in the pass by class, of the classes with enough objects."""
        if self.result is None:
            return {}
        return supported_score_thrs(self.result.counted, self._classes)

    def _begun(self) -> dict[ImageId, GroundTruth]:
        if self._truth is None:
            raise RuntimeError(
                f'{type(self).__name__}.begin(dataset) was not called before the pass'
            )
        return self._truth
