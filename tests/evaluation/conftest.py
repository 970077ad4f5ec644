"""Splits small enough to write down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

import mmholdout.registry  # noqa: F401  (supplies mmcv's operators before mmdet is imported)

A, B = [0.0, 0.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]


@pytest.fixture
def boxes() -> tuple[list[float], list[float]]:
    return A, B


@pytest.fixture
def make_dataset() -> Callable[..., Any]:
    """`make(images, classes)`, images = {img_id: [(bbox, label, ignore), ...]}; a real dataset."""
    from mmdet.datasets import BaseDetDataset

    class Written(BaseDetDataset):
        def __init__(self, images: dict | list, classes: Any) -> None:
            self.images = images
            self.reads = 0
            super().__init__(metainfo={'classes': classes}, test_mode=True)

        def load_data_list(self) -> list[dict]:
            items = self.images.items() if isinstance(self.images, dict) else self.images
            return [
                {
                    'img_id': img_id,
                    'img_path': f'{img_id}.jpg',
                    'height': 100,
                    'width': 100,
                    'instances': [
                        {'bbox': bbox, 'bbox_label': label, 'ignore_flag': ignore}
                        for bbox, label, ignore in instances
                    ],
                }
                for img_id, instances in items
            ]

        def get_data_info(self, index: int) -> dict:
            self.reads += 1
            return super().get_data_info(index)

    return lambda images, classes=('cat', 'dog'): Written(images, classes)


@pytest.fixture
def make_sample() -> Callable[..., Any]:
    """`make(img_id, bboxes, scores, labels)` -> a DetDataSample as detectors return it."""
    from mmdet.structures import DetDataSample
    from mmengine.structures import InstanceData

    def make(
        img_id: Any,
        bboxes: Any = (),
        scores: Any = (),
        labels: Any = (),
        dtype: Any = torch.float32,
    ) -> Any:
        sample = DetDataSample(metainfo={'img_id': img_id})
        sample.pred_instances = InstanceData(
            bboxes=torch.tensor(bboxes, dtype=torch.float32).reshape(-1, 4),
            scores=torch.tensor(scores, dtype=dtype),
            labels=torch.tensor(labels, dtype=torch.int64),
        )
        return sample

    return make
