"""What a run watches, read from its resolved config alone: no registry, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.config.dump import read_dump
from mmholdout.config.evaluation import evaluation_words
from mmholdout.errors import ConfigError
from mmholdout.metrics.detection_options import ANALYSES, detection_keys
from mmholdout.metrics.keys import declared_interval_keys
from mmholdout.monitor.compare import Mode
from mmholdout.monitor.resolve import resolve_monitor


@dataclass(frozen=True)
class Watched:
    """For reports.

    Attributes:
        iou_thr: overlap of mAP, precision and recall.
        monitor: full key that chooses the best model.
        mode: its direction; None for the key of a user's own metric, which alone knows it.
    """

    iou_thr: float
    monitor: str
    mode: Mode | None


def watched_by(config: Path) -> Watched | None:
    """Of a run folder's config.py; None where there is none to read (an earlier version)."""
    try:
        words = evaluation_words(read_dump(config))
    except ConfigError:
        return None
    iou_thr = words['iou_thr']
    known = isinstance(iou_thr, int | float) and 0 < iou_thr < 1
    key, mode = direction_of(words['save_best'])
    return Watched(float(iou_thr) if known else 0.5, key, mode)


def direction_of(monitor: Any) -> tuple[str, Mode | None]:
    """Full key of a monitor and its direction; None where no metric of this package has it."""
    name = str(monitor).removeprefix('val/')
    classes = [name.partition('/')[2]] if '/' in name else []  # 'AP/cat' has its class in it
    own: dict[str, Mode | None] = {'loss': 'min', **detection_keys(classes, also=ANALYSES)}
    own |= declared_interval_keys()
    try:
        return resolve_monitor(f'val/{name}', {f'val/{key}': mode for key, mode in own.items()})
    except ConfigError:
        return f'val/{name}', None
