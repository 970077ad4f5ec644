"""What would make a test die, found before the test split is used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.datasets.decode_check import decode_all
from mmholdout.datasets.voc_files import IMAGE_SUFFIXES
from mmholdout.errors import DataError
from mmholdout.metrics.detections import Detections
from mmholdout.registry import METRICS
from mmholdout.runner.parts import Words
from mmholdout.runner.split_images import image_paths
from mmholdout.splits.listed import listed


def try_out(words: Words, dataset: Any) -> list[str]:
    """Evaluate nothing and decode everything, since a use that dies counts; gives remarks.

    Args:
        words: translated.
        dataset: of the test split.

    Raises:
        DataError: an image that cannot be decoded, or labels that cannot be evaluated.
    """
    images = image_paths(dataset)
    _try_evaluation(words['test_evaluator'], dataset, list(images))
    paths = [
        str(path)
        for path in images.values()
        if Path(path).suffix.lower() in IMAGE_SUFFIXES and Path(path).is_file()
    ]
    decoded = list(decode_all(paths)) if paths else []
    unreadable = [one.unreadable for one in decoded if one.unreadable]
    if unreadable:
        raise DataError(
            f'{len(unreadable)} of {len(images)} test images cannot be decoded: '
            f'{listed(unreadable, "; ")}. The test split was not used. Mend the files, or take '
            'their ids out of the list'
        )
    damaged = [one.damaged for one in decoded if one.damaged]
    return [f'test images of which some pixels are wrong: {listed(damaged, "; ")}'] * bool(damaged)


def _try_evaluation(evaluator: Any, dataset: Any, ids: list[Any]) -> None:
    configs = evaluator if isinstance(evaluator, list | tuple) else [evaluator]
    for config in configs:
        metric = METRICS.build(dict(config))
        if hasattr(metric, 'take'):
            if hasattr(metric, 'class_score_thrs'):
                metric.class_score_thrs = {}
            metric.begin(dataset, score_thr=0.5)
            metric.take({image_id: Detections.empty() for image_id in ids})
            metric.compute()
