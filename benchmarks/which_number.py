"""The same detections under the rules that people quote, as a Markdown table.

    python benchmarks/which_number.py WORK_DIR [--data-root FOLDER]

Reads the stored predictions of a run's best epoch (val_predictions.npz) and its val annotations.
`difficult` objects count nowhere under every rule; for COCO they are crowds, which may be found any
number of times.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mmholdout.evaluation.ground_truth import read_classes, read_ground_truth
from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.metrics.stored_predictions import read_predictions_file
from mmholdout.metrics.voc import evaluate_voc
from mmholdout.report.verification import Verification
from mmholdout.runner.parts import build_dataset
from mmholdout.runner.verify_subject import Subject


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('work_dir', type=Path)
    parser.add_argument('--data-root')
    arguments = parser.parse_args()
    subject = Subject(arguments.work_dir, Verification(), data_root=arguments.data_root)
    dataset = build_dataset(subject.words()['val_dataloader']['dataset'])
    stored = read_predictions_file(arguments.work_dir / 'val_predictions.npz')
    truth = read_ground_truth(dataset)
    found = {str(img_id): detections for img_id, detections in stored.detections.items()}
    detections = [found[str(img_id)] for img_id in truth]
    classes = read_classes(dataset)
    objects = sum(int((~one.ignore).sum()) for one in truth.values())
    print(f'{len(truth)} images, {objects} objects, {len(classes)} classes\n')
    print('| rule | value |\n| --- | --- |')
    for rule, value in values(detections, list(truth.values()), classes):
        print(f'| {rule} | {value:.4f} |')
    return 0


def values(
    detections: Sequence[Detections], truth: Sequence[GroundTruth], classes: Sequence[str]
) -> list[tuple[str, float]]:
    """Rule and value."""

    def voc(**options: Any) -> float:
        result = evaluate_voc(detections, truth, classes, **options).to_dict()
        return result['mAP']

    coco = evaluate_coco(scene_from_images(detections, truth, len(classes)), classes).summary
    kept = [
        Detections(one.bboxes[order], one.scores[order], one.labels[order])
        for one in detections
        for order in [np.argsort(-one.scores, kind='stable')[:100]]
    ]
    return [
        ('VOC 2010 and later: area under the curve, IoU 0.5 (`val/mAP` here)', voc()),
        ('VOC 2007: 11 points', voc(ap_mode='11points')),
        (
            'VOC 2007 with its legacy pixel (the devkit, many papers)',
            voc(ap_mode='11points', legacy_pixel=True),
        ),
        ('area with the legacy pixel (mmdet `eval_mode="area"`)', voc(legacy_pixel=True)),
        ('area, IoU 0.75', voc(iou_thr=0.75)),
        (
            'area, the 100 best detections of each image only',
            evaluate_voc(kept, truth, classes).to_dict()['mAP'],
        ),
        ('COCO AP50: 101 points, 100 detections per image and class', coco['coco_AP50']),
        ('COCO AP75', coco['coco_AP75']),
        ('COCO AP: mean over IoU 0.50 to 0.95', coco['coco_AP']),
    ]


if __name__ == '__main__':
    sys.exit(main())
