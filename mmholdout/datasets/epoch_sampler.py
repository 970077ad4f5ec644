"""The order of an epoch, a function of (seed, epoch)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sized

import torch
from mmengine.dist import get_dist_info
from torch.utils.data import Sampler

from mmholdout.datasets.sample_seed import derived_seed
from mmholdout.registry import DATA_SAMPLERS


@DATA_SAMPLERS.register_module()
class EpochSampler(Sampler[tuple[int, int]]):
    """Hands out (epoch, index); can begin within an epoch, as a resumed run does.

    mmengine's DefaultSampler seeds with seed + epoch, so that seed 0 in epoch 1 is seed 1 in
    epoch 0; here the two are mixed by a hash.

    Args:
        dataset: only its length is read.
        shuffle: a new permutation each epoch, or dataset order.
        seed: of the run.
        batch_size: of one process; the unit of `set_position`.
        drop_last: leave out the samples that fill no batch.
    """

    def __init__(
        self,
        dataset: Sized,
        shuffle: bool = True,
        seed: int = 0,
        batch_size: int = 1,
        drop_last: bool = False,
    ) -> None:
        self.rank, self.world_size = get_dist_info()
        self.length, self.shuffle, self.seed = len(dataset), shuffle, seed
        self.batch_size = batch_size
        share = self.length / self.world_size
        batches = share / batch_size
        self.num_batches = math.floor(batches) if drop_last else math.ceil(batches)
        self.num_samples = self.num_batches * batch_size if drop_last else math.ceil(share)
        self.epoch = self._skip = 0

    def set_position(self, epoch: int, batch: int = 0) -> None:
        """The next pass is epoch `epoch` (from 0), from its batch `batch` on."""
        self.epoch, self._skip = epoch, batch * self.batch_size

    def order(self) -> list[int]:
        """The whole epoch's indices of this process."""
        if self.shuffle:
            generator = torch.Generator()
            generator.manual_seed(derived_seed('order', self.seed, self.epoch))
            indices = torch.randperm(self.length, generator=generator).tolist()
        else:
            indices = list(range(self.length))
        total = self.num_samples * self.world_size
        indices = (indices * math.ceil(total / self.length))[:total]
        return indices[self.rank : total : self.world_size]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """(epoch, index) from the position on."""
        epoch = self.epoch
        return iter([(epoch, index) for index in self.order()[self._skip :]])

    def __len__(self) -> int:
        """Samples of a whole epoch in this process, wherever the position is."""
        return self.num_samples
