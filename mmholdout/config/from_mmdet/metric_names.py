"""Metrics and monitors as mmdet names them."""

from __future__ import annotations

from typing import Any

_COCO = {
    'bbox_mAP': 'coco_AP',
    'bbox_mAP_50': 'coco_AP50',
    'bbox_mAP_75': 'coco_AP75',
    'bbox_mAP_s': 'coco_AP_small',
    'bbox_mAP_m': 'coco_AP_medium',
    'bbox_mAP_l': 'coco_AP_large',
}
#: What mmdet's evaluators call their numbers -> the same here.
MONITORS = {
    **_COCO,
    **{f'coco/{name}': ours for name, ours in _COCO.items()},
    'pascal_voc/mAP': 'mAP',
    'pascal_voc/AP50': 'AP50',
    'pascal_voc/AP75': 'AP75',
    'AP50': 'AP50',
    'mAP': 'mAP',
}
#: `metric` of an evaluator -> `evaluation.metric`.
METRICS = {'bbox': 'coco', 'mAP': 'mAP', 'coco': 'coco', 'recall': 'recall'}
NO_METRIC = {
    'segm': 'there are no instance masks here; bounding boxes are measured with metric="bbox"',
    'proposal': 'proposals are not measured; write metric="bbox"',
    'proposal_fast': 'proposals are not measured; write metric="bbox"',
}


def monitor(name: Any) -> Any:
    """This package's name of a number; an unknown one stays, for the check to name."""
    return MONITORS.get(name, name) if isinstance(name, str) else name


def metrics(given: Any) -> tuple[Any, list[str]]:
    """`evaluation.metric` for mmdet's `metric`, and a sentence for each that there is not."""
    names = list(given) if isinstance(given, list | tuple) else [given]
    wrong = [f'{name!r}: {NO_METRIC[name]}' for name in names if name in NO_METRIC]
    ours = [METRICS.get(name, name) for name in names if name not in NO_METRIC]
    if not ours:
        return None, wrong
    return (ours if isinstance(given, list | tuple) and len(ours) > 1 else ours[0]), wrong
