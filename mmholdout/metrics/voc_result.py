"""What a VOC evaluation found, for metrics and for tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmholdout.metrics.bootstrap_intervals import Intervals, bootstrap_intervals
from mmholdout.metrics.judged_images import JudgedImages
from mmholdout.metrics.keys import class_key
from mmholdout.metrics.operating_point import OperatingPoint
from mmholdout.metrics.options import VOCOptions


@dataclass(frozen=True)
class ClassResult:
    """One class's row.

    Attributes:
        name: the class.
        gts: objects to be found.
        ignored: objects left out because they are difficult.
        dets: detections, at any score.
        ap: at the evaluation's `iou_thr`; None without objects.
        precision: at the chosen threshold; None if nothing is kept and nothing was to be found.
        recall: at the chosen threshold; None without objects.
    """

    name: str
    gts: int
    ignored: int
    dets: int
    ap: float | None
    precision: float | None
    recall: float | None


@dataclass(frozen=True)
class VOCResult:
    """Everything that was measured on one split.

    Attributes:
        options: how it was measured.
        num_images: images, those without objects included.
        mean_aps: overlap threshold -> AP averaged over the classes that have objects.
        point: at the best-F1 threshold, or at the one that was given.
        fixed_point: at `options.fixed_score_thr`.
        per_class: one row per class, in label order.
        judged: what counted at `options.iou_thr`, for a bootstrap; None where it is not known.
    """

    options: VOCOptions
    num_images: int
    mean_aps: Mapping[float, float]
    point: OperatingPoint
    fixed_point: OperatingPoint
    per_class: tuple[ClassResult, ...]
    judged: JudgedImages | None = None

    @property
    def counted(self) -> JudgedImages:
        """`judged` of an evaluation that has it, as every one by `evaluate_voc` does."""
        if self.judged is None:
            raise ValueError('which detections counted is not known')
        return self.judged

    def to_dict(self) -> dict[str, float]:
        """Metric keys as in `declared_keys`; what is not defined is absent."""
        values: dict[str, float | None] = {
            'mAP': self.mean_aps[self.options.iou_thr],
            'AP50': self.mean_aps[0.5],
            'AP75': self.mean_aps[0.75],
            'precision': self.point.precision,
            'recall': self.point.recall,
            'F1': self.point.f1,
            'score_thr': self.point.score_thr,
            'precision_fixed': self.fixed_point.precision,
            'recall_fixed': self.fixed_point.recall,
            'F1_fixed': self.fixed_point.f1,
        }
        values |= {class_key(row.name): row.ap for row in self.per_class}
        return {key: float(value) for key, value in values.items() if value is not None}

    def intervals(self, replicates: int) -> Intervals:
        """95 % intervals from so many resamplings of the images, the same every time."""
        if self.judged is None:
            return Intervals({}, {'mAP': 'which images the detections are of is not known'})
        names = [row.name for row in self.per_class]
        return bootstrap_intervals(
            self.judged, self.to_dict(), names, replicates, self.options.ap_mode
        )
