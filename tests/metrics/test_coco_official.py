from __future__ import annotations

import sys

import numpy as np
import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.coco_annotations import Annotations
from mmholdout.metrics.coco_files import COCOFiles
from mmholdout.metrics.coco_official import official_coco
from mmholdout.metrics.coco_predictions_file import PredictionsFile
from mmholdout.metrics.coco_truth_file import TruthFile


def random_files(seed, images=4, classes=2, dets=30, gts=12, text_ids=False):
    rng = np.random.default_rng(seed)
    truth_boxes = np.hstack([rng.integers(0, 60, (gts, 2)), rng.integers(1, 110, (gts, 2))]) * 1.0
    truth_images, truth_labels = rng.integers(0, images, gts), rng.integers(0, classes, gts)
    which = rng.integers(0, max(gts, 1), dets)
    if gts:
        bboxes = np.maximum(truth_boxes[which] + rng.integers(-4, 5, (dets, 4)), 0.0)
        found_images, labels = truth_images[which], truth_labels[which]
    else:
        bboxes = rng.integers(1, 60, (dets, 4)) * 1.0
        found_images, labels = rng.integers(0, images, dets), rng.integers(0, classes, dets)
    ids = tuple(f'{i:03}' for i in range(images)) if text_ids else tuple(range(2, images * 3, 3))
    truth = TruthFile(
        image_ids=ids,
        file_names=(None,) * images,
        category_ids=tuple(range(classes)),
        classes=tuple(f'c{label}' for label in range(classes)),
        objects=Annotations(
            images=truth_images,
            labels=truth_labels,
            bboxes=truth_boxes,
            areas=truth_boxes[:, 2] * truth_boxes[:, 3] * 0.9,
            crowd=rng.random(gts) < 0.2,
            ignore=rng.random(gts) < 0.2,
        ),
    )
    scores = rng.integers(1, 9, dets) / 8
    return COCOFiles(truth, PredictionsFile(found_images, labels, bboxes, scores))


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'options',
    [
        *({'seed': seed} for seed in range(8)),
        {'seed': 20, 'text_ids': True},
        {'seed': 21, 'classes': 1, 'images': 1, 'dets': 250},
        {'seed': 22, 'dets': 0},
        {'seed': 23, 'images': 30, 'classes': 5},
    ],
    ids=str,
)
def test_ours_equal_the_official_numbers(options):
    files = random_files(**options)
    ours = evaluate_coco(files.scene(), files.truth.classes).summary
    official = official_coco(files)
    assert list(ours) == list(official)
    for key, value in official.items():
        assert ours[key] == pytest.approx(value, abs=1e-9), key


def test_what_is_not_defined_is_absent():
    assert official_coco(random_files(1, gts=0)) == {}


def test_it_prints_nothing(capsys):
    official_coco(random_files(1))
    assert capsys.readouterr().out == ''


def test_without_pycocotools(monkeypatch):
    monkeypatch.setitem(sys.modules, 'pycocotools.coco', None)
    with pytest.raises(ConfigError, match='pip install pycocotools'):
        official_coco(random_files(1))
