"""The twelve numbers by pycocotools itself."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco import coco_keys
from mmholdout.metrics.coco_files import COCOFiles


def official_coco(files: COCOFiles) -> dict[str, float]:
    """Keys as in `coco_keys`; what pycocotools gives as -1 (not defined) is absent.

    The objects are numbered from 1: pycocotools takes an object with id 0 for one not found.

    Raises:
        ConfigError: pycocotools is not installed.
    """
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ImportError as error:
        raise ConfigError(
            f'--backend pycocotools: pycocotools cannot be imported ({error}); '
            'install it with: pip install pycocotools'
        ) from None
    truth, found = COCO(), COCO()
    truth.dataset = {**_frame(files), 'annotations': _objects(files)}
    found.dataset = {**_frame(files), 'annotations': _detections(files)}
    with contextlib.redirect_stdout(io.StringIO()):  # it prints as it goes
        truth.createIndex()
        found.createIndex()
        evaluation = COCOeval(truth, found, 'bbox')
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    values = zip(coco_keys(), evaluation.stats)
    return {key: float(value) for key, value in values if value > -1}


def _frame(files: COCOFiles) -> dict[str, Any]:
    return {
        'images': [{'id': number} for number in files.truth.image_ids],
        'categories': [{'id': number} for number in files.truth.category_ids],
    }


def _objects(files: COCOFiles) -> list[dict[str, Any]]:
    truth = files.truth
    own = truth.objects
    columns = (own.images, own.labels, own.bboxes, own.areas, own.crowd)
    return [
        {
            'id': number,
            'image_id': truth.image_ids[image],
            'category_id': truth.category_ids[label],
            'bbox': bbox,
            'area': area,
            'iscrowd': int(crowd),
        }
        for number, (image, label, bbox, area, crowd) in enumerate(
            zip(*(column.tolist() for column in columns)), start=1
        )
    ]


def _detections(files: COCOFiles) -> list[dict[str, Any]]:
    """As pycocotools' `loadRes` makes them, which fails on an empty list."""
    found, truth = files.predictions, files.truth
    columns = (found.images, found.labels, found.bboxes, found.scores)
    return [
        {
            'id': number,
            'image_id': truth.image_ids[image],
            'category_id': truth.category_ids[label],
            'bbox': bbox,
            'area': bbox[2] * bbox[3],
            'score': score,
            'iscrowd': 0,
        }
        for number, (image, label, bbox, score) in enumerate(
            zip(*(column.tolist() for column in columns)), start=1
        )
    ]
