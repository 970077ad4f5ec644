"""What a COCO evaluation found, for metrics and for tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmholdout.metrics.coco_accumulate import Accumulated


@dataclass(frozen=True)
class COCOClassResult:
    """One class's row; None where the class has no object of the size.

    Attributes:
        name: the class.
        gts: objects to be found, of any size.
        ap: mean over the ten overlap thresholds.
        ap50: at 0.5.
        ap75: at 0.75.
        ap_small: of objects up to 32 x 32 pixels.
        ap_medium: up to 96 x 96.
        ap_large: above.
        ar100: recall of the best 100 detections per image, mean over the thresholds.
    """

    name: str
    gts: int
    ap: float | None
    ap50: float | None
    ap75: float | None
    ap_small: float | None
    ap_medium: float | None
    ap_large: float | None
    ar100: float | None


@dataclass(frozen=True)
class COCOResult:
    """COCO's numbers of one split.

    Attributes:
        num_images: images, those without objects included.
        summary: key -> value of the twelve numbers; what is not defined is absent.
        per_class: one row per class, in label order.
    """

    num_images: int
    summary: dict[str, float]
    per_class: tuple[COCOClassResult, ...]

    def to_dict(self) -> dict[str, float]:
        """Metric keys as in `coco_keys`; what is not defined is absent."""
        rows = {coco_class_key(row.name): row.ap for row in self.per_class}
        return self.summary | {key: ap for key, ap in rows.items() if ap is not None}


def coco_class_key(name: str) -> str:
    """Key of one class's average precision."""
    return f'coco_AP/{name}'


def summarize(accumulated: Accumulated) -> dict[str, float]:
    """COCO's twelve numbers, in its order; absent where no class has an object of the size."""
    ap, ar = accumulated.ap, accumulated.ar
    values = {
        'coco_AP': ap(),
        'coco_AP50': ap(0.5),
        'coco_AP75': ap(0.75),
        'coco_AP_small': ap(area='small'),
        'coco_AP_medium': ap(area='medium'),
        'coco_AP_large': ap(area='large'),
        'coco_AR1': ar(1),
        'coco_AR10': ar(10),
        'coco_AR100': ar(100),
        'coco_AR_small': ar(area='small'),
        'coco_AR_medium': ar(area='medium'),
        'coco_AR_large': ar(area='large'),
    }
    return {key: value for key, value in values.items() if value is not None}


def class_rows(accumulated: Accumulated, classes: Sequence[str]) -> tuple[COCOClassResult, ...]:
    """Table of the classes."""
    ap = accumulated.ap
    return tuple(
        COCOClassResult(
            name=name,
            gts=int(accumulated.num_gts[0, label]),
            ap=ap(label=label),
            ap50=ap(0.5, label=label),
            ap75=ap(0.75, label=label),
            ap_small=ap(area='small', label=label),
            ap_medium=ap(area='medium', label=label),
            ap_large=ap(area='large', label=label),
            ar100=accumulated.ar(100, label=label),
        )
        for label, name in enumerate(classes)
    )
