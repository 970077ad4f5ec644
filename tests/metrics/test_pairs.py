from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics import pairs as module
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_arrays


def scene_with(seed: int, images: int = 4, classes: int = 2, dets: int = 60, gts: int = 20):
    rng = np.random.default_rng(seed)

    def boxes(count):
        return np.hstack([rng.uniform(0, 30, (count, 2)), rng.uniform(0, 20, (count, 2))])

    return scene_from_arrays(
        np.arange(images),
        classes,
        det_images=rng.integers(0, images, dets),
        det_bboxes=boxes(dets),
        det_labels=rng.integers(0, classes, dets),
        det_scores=rng.random(dets),
        gt_images=rng.integers(0, images - 1, gts),
        gt_bboxes=boxes(gts),
        gt_labels=rng.integers(0, classes, gts),
        gt_crowd=rng.random(gts) < 0.3,
    )


def all_pairs(scene, least_iou, across_classes):
    """Pair by pair, with the official overlap."""
    from pycocotools import mask

    found, objects = scene.detections, scene.objects
    rows = []
    for det in range(len(found)):
        for gt in range(len(objects)):
            if found.image[det] != objects.image[gt]:
                continue
            if not across_classes and found.labels[det] != objects.labels[gt]:
                continue
            iou = mask.iou(found.bboxes[[det]], objects.bboxes[[gt]], [int(objects.crowd[gt])])
            if iou[0, 0] >= least_iou:
                rows.append((det, gt, iou[0, 0]))
    return rows


@pytest.mark.parametrize('across_classes', [True, False])
@pytest.mark.parametrize('least_iou', [0.0, 0.1, 0.5])
def test_the_official_overlap_bit_for_bit(least_iou, across_classes, monkeypatch) -> None:
    scene = scene_with(3)
    expected = all_pairs(scene, least_iou, across_classes)
    assert expected
    for at_once in (1, 7, 500_000):
        monkeypatch.setattr(module, '_PAIRS_AT_ONCE', at_once)
        pairs = overlapping_pairs(scene, least_iou, across_classes)
        assert list(zip(pairs.det, pairs.gt, pairs.iou)) == expected


def test_nothing_to_compare() -> None:
    assert len(overlapping_pairs(scene_with(0, dets=0))) == 0
    assert len(overlapping_pairs(scene_with(0, gts=0))) == 0


def test_boxes_without_area_overlap_nothing() -> None:
    scene = scene_from_arrays(
        [0],
        1,
        det_images=[0],
        det_bboxes=[[5, 5, 0, 4]],
        det_labels=[0],
        det_scores=[1.0],
        gt_images=[0, 0],
        gt_bboxes=[[5, 5, 0, 4], [0, 0, 10, 10]],
        gt_labels=[0, 0],
        gt_crowd=[0, 1],
    )
    assert overlapping_pairs(scene, 0.0).iou.tolist() == [0.0, 0.0]
    assert len(overlapping_pairs(scene, 0.5)) == 0


def test_selection() -> None:
    pairs = overlapping_pairs(scene_with(3), 0.1)
    kept = pairs.where(pairs.iou > 0.5)
    assert 0 < len(kept) < len(pairs)
    assert kept.iou.min() > 0.5
    assert pairs.where(np.array([2, 0])).det.tolist() == [pairs.det[2], pairs.det[0]]
