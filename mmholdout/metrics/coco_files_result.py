"""Everything that is measured on a pair of COCO files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.coco_files import COCOFiles
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_result import COCOResult
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.voc import evaluate_voc
from mmholdout.metrics.voc_result import VOCResult

ELEVEN_POINTS = 'mAP_11points'


@dataclass(frozen=True, eq=False)
class COCOFilesResult:
    """One evaluation.

    Attributes:
        matches: COCO's matching, from which further analyses can be made without another.
        coco: the twelve numbers and a row per class.
        voc: average precision by area, precision, recall and F1.
        eleven_points: mAP at the same overlap by VOC 2007's rule.
    """

    matches: Matches
    coco: COCOResult
    voc: VOCResult
    eleven_points: float

    def to_dict(self) -> dict[str, float]:
        """Metric keys without a split's prefix; what is not defined is absent."""
        voc = self.voc.to_dict()
        own = {'mAP': voc.pop('mAP'), ELEVEN_POINTS: self.eleven_points}
        return self.coco.to_dict() | own | voc

    def class_rows(self) -> list[dict[str, Any]]:
        """For the table of the classes: None where something is not defined."""
        return [
            {
                'class': coco.name,
                'gts': coco.gts,
                'dets': voc.dets,
                'coco_AP': coco.ap,
                'AP50': coco.ap50,
                'AP75': coco.ap75,
                'small': coco.ap_small,
                'medium': coco.ap_medium,
                'large': coco.ap_large,
                'AR100': coco.ar100,
                'VOC AP': voc.ap,
                'precision': voc.precision,
                'recall': voc.recall,
            }
            for coco, voc in zip(self.coco.per_class, self.voc.per_class, strict=True)
        ]


def evaluate_coco_files(
    files: COCOFiles,
    iou_thr: float = 0.5,
    legacy_pixel: bool = False,
    score_thr: float | None = None,
) -> COCOFilesResult:
    """COCO's and VOC's numbers.

    Args:
        files: from `read_coco_files`.
        iou_thr: overlap of VOC's mAP, precision, recall and F1; COCO has its own.
        legacy_pixel: for VOC's numbers, see `metrics.boxes.iou`.
        score_thr: threshold of precision, recall and F1; None takes the one of the best F1.

    Raises:
        ConfigError: an argument is impossible.
        DataError: there is nothing to be found.
    """
    detections, ground_truth = files.per_image()
    classes, names = files.truth.classes, files.image_names()
    by_area, eleven_points = (
        evaluate_voc(
            detections,
            ground_truth,
            classes,
            iou_thr=iou_thr,
            ap_mode=mode,
            legacy_pixel=legacy_pixel,
            score_thr=score_thr,
            image_names=names,
        )
        for mode in ('area', '11points')
    )
    matches = match_coco(files.scene())
    return COCOFilesResult(
        matches=matches,
        coco=evaluate_coco(matches.scene, classes, matches),
        voc=by_area,
        eleven_points=eleven_points.mean_aps[iou_thr],
    )
