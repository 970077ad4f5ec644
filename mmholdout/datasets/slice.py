"""A fixed slice of a dataset, spread evenly over it."""

from __future__ import annotations

from typing import Any


def evenly_spaced(length: int, count: int) -> list[int]:
    """`count` indices out of range(length), evenly spread; all of them where count >= length."""
    if count >= length:
        return list(range(length))
    return [(2 * i + 1) * length // (2 * count) for i in range(count)]


class Slice:
    """Some samples of a dataset, in dataset order.

    The indices depend on nothing but the lengths, so that every validation of every run on the
    same split measures the same images.

    Args:
        dataset: with `get_data_info` and `metainfo`, as mmengine's.
        count: how many samples.
    """

    def __init__(self, dataset: Any, count: int) -> None:
        self.dataset = dataset
        self.indices = evenly_spaced(len(dataset), count)

    @property
    def metainfo(self) -> dict[str, Any]:
        """Of the whole dataset."""
        return self.dataset.metainfo

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: int) -> Any:
        return self.dataset[self.indices[index]]

    def get_data_info(self, index: int) -> dict[str, Any]:
        """Annotations of one sample, in original pixels."""
        return self.dataset.get_data_info(self.indices[index])
