"""Names and directions of the numbers that say what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence

from mmholdout.metrics.keys import Mode, check_classes
from mmholdout.metrics.tide import TIDE_TYPES

FP_LEVELS: tuple[float, ...] = (0.1, 1.0)


def tide_key(kind: str) -> str:
    """Key of what one of `TIDE_TYPES` costs."""
    return f'tide/{kind}'


def recall_at_fp_key(fp_per_image: float) -> str:
    """Key of the recall at so many wrong detections per image."""
    return f'recall_at_fp/{fp_per_image:g}'


def size_ap_key(size: str) -> str:
    """Key of the average precision of one size."""
    return f'size_AP/{size}'


def size_recall_key(size: str) -> str:
    """Key of the recall of one size."""
    return f'size_recall/{size}'


def class_keys(name: str) -> tuple[str, str, str]:
    """Keys of one class's best F1, the threshold of that, and the calibration error."""
    return f'F1/{name}', f'score_thr/{name}', f'ECE/{name}'


def error_keys(classes: Sequence[str] = (), sizes: Sequence[str] = ()) -> dict[str, Mode | None]:
    """Keys, without a split's prefix, and their directions; None where neither is better.

    Args:
        classes: names in label order; none where they are not known yet.
        sizes: names of the size bins; COCO's own have keys of their own.

    Raises:
        ConfigError: the classes are impossible.
    """
    if len(classes):
        check_classes(classes)
    keys: dict[str, Mode | None] = {tide_key(kind): 'min' for kind in TIDE_TYPES}
    keys |= {'fp_per_image': 'min', 'ECE': 'min'}
    keys |= {recall_at_fp_key(level): 'max' for level in FP_LEVELS}
    for size in sizes:
        keys |= {size_ap_key(size): 'max', size_recall_key(size): 'max'}
    for name in classes:
        f1, score_thr, ece = class_keys(name)
        keys |= {f1: 'max', score_thr: None, ece: 'min'}
    return keys
