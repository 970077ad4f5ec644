"""A dataset whose augmentation depends on (seed, epoch, index), not on workers or history."""

from __future__ import annotations

from typing import Any

from mmholdout.datasets.sample_seed import derived_seed, seeded


class SeededDataset:
    """The outermost wrapper of a training dataset; EpochSampler hands it (epoch, index).

    Whatever is drawn while a sample is made (by mmdet's transforms from NumPy, Python's random
    or torch) is the same for any number of workers, in a resumed run, and in any order.

    Args:
        dataset: the dataset; everything but indexing is passed on to it.
        seed: of the run.
    """

    def __init__(self, dataset: Any, seed: int) -> None:
        self.dataset = dataset
        self.seed = seed

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, key: tuple[int, int]) -> Any:
        epoch, index = key
        with seeded(derived_seed('sample', self.seed, epoch, index)):
            return self.dataset[index]

    def __getattr__(self, name: str) -> Any:
        if name in ('dataset', 'seed'):  # not there yet while a worker unpickles
            raise AttributeError(name)
        return getattr(self.dataset, name)
