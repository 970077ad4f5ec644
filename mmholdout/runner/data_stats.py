"""The objects of every split of a folder or a config, gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mmholdout.datasets.places import require_places
from mmholdout.report.data_stats import SplitStats
from mmholdout.runner.data_present import reader_of
from mmholdout.runner.data_sources import classes_of, sources_of
from mmholdout.runner.parts import Words, build_dataset, reports_of

_RAW = {'pipeline': [], 'test_mode': True}  # every image, as it is


@dataclass
class DataStats:
    """Classes in label order, splits, and what the readers had to say."""

    classes: tuple[str, ...]
    splits: dict[str, SplitStats] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)


def data_stats(
    place: Path, *, format_name: str | None = None, options: Sequence[str] = ()
) -> DataStats:
    """Read the annotations of train, val and test; nothing is measured and no ledger touched.

    Args: see `sources_of`.

    Raises:
        UserError: what is wrong with the config or the data.
    """
    sources = sources_of(place, format_name=format_name, options=options)
    require_places(
        [
            (split, reader.places_of(words))
            for split, found in sources.items()
            for words in found
            if (reader := reader_of(words))
        ]
    )
    stats = DataStats(classes_of(sources))
    for split, found in sources.items():
        stats.splits[split] = _read(found, stats)
    return stats


def _read(sources: Sequence[Words], stats: DataStats) -> SplitStats:
    sizes, bboxes, labels, owners, ignored = [], [], [], [], []
    for words in sources:
        dataset = build_dataset(words | _RAW)
        stats.classes = stats.classes or tuple(dataset.metainfo['classes'])
        stats.reports += reports_of(dataset)
        for index in range(len(dataset)):
            info = dataset.get_data_info(index)
            for instance in info['instances']:
                bboxes.append(instance['bbox'])
                labels.append(instance['bbox_label'])
                ignored.append(bool(instance['ignore_flag']))
                owners.append(len(sizes))
            sizes.append((info['width'], info['height']))
    return SplitStats(
        np.array(sizes, dtype=np.float64).reshape(-1, 2),
        np.array(bboxes, dtype=np.float64).reshape(-1, 4),
        np.array(labels, dtype=np.int64),
        np.array(owners, dtype=np.int64),
        np.array(ignored, dtype=np.bool_),
    )
