"""Loaders of training and of evaluation data."""

from __future__ import annotations

import os
from typing import Any

import torch
from mmengine.dist import get_dist_info
from torch.utils.data import DataLoader

from mmholdout.datasets.epoch_sampler import EpochSampler
from mmholdout.datasets.failure import FailureDataset, FailureLoader, collate_or_fail
from mmholdout.datasets.other_samples import connect
from mmholdout.datasets.sample_seed import derived_seed
from mmholdout.datasets.seeded import SeededDataset
from mmholdout.datasets.worker import start_worker
from mmholdout.errors import ConfigError, DataError

PASSED_ON = ('prefetch_factor', 'pin_memory', 'timeout')


def build_loader(config: dict[str, Any], *, seed: int, train: bool) -> DataLoader:
    """A loader from the config's words, its dataset already built.

    Training: EpochSampler and SeededDataset, so that order and augmentation depend on seed and
    epoch alone. Evaluation: dataset order, every sample once, shared out between processes
    without padding. Neither draws from the global random states. A sample that cannot be read is
    a DataError where its batch is asked for, with workers and without.

    Args:
        config: `dataset`, `batch_size`, `num_workers`, `persistent_workers`, `drop_last`,
            `sampler` (its `shuffle` is read).
        seed: of the run.
        train: which of the two.

    Raises:
        ConfigError: an impossible batch size or number of workers.
        DataError: no samples, or fewer than one batch where the rest is dropped.
    """
    dataset = config['dataset']
    batch_size, workers = config.get('batch_size', 1), config.get('num_workers')
    if workers is None:
        workers = min(2, os.cpu_count() or 1)
    _check(batch_size, workers)
    if not len(dataset):
        raise DataError(f'the {"training" if train else "evaluation"} split has no images')
    generator = torch.Generator()
    generator.manual_seed(derived_seed('loader', seed))
    options: dict[str, Any] = {k: config[k] for k in PASSED_ON if k in config}
    if workers:
        options['persistent_workers'] = config.get('persistent_workers', True)
    else:  # torch refuses what only workers can do
        options.pop('prefetch_factor', None)
        options.pop('timeout', None)
    if train:
        drop_last = config.get('drop_last', False)
        shuffle = (config.get('sampler') or {}).get('shuffle', True)
        sampler: Any = EpochSampler(dataset, shuffle, seed, batch_size, drop_last)
        if not sampler.num_batches:
            raise DataError(
                f'the training split has {len(dataset)} images, which fill no batch of '
                f'{batch_size}, and drop_last leaves out the rest'
            )
        connect(dataset)
        dataset = SeededDataset(dataset, seed)
    else:
        drop_last = False
        rank, world_size = get_dist_info()
        sampler = range(rank, len(dataset), world_size)
    return FailureLoader(
        FailureDataset(dataset),
        batch_size=batch_size,
        sampler=sampler,
        num_workers=workers,
        drop_last=drop_last,
        collate_fn=collate_or_fail,
        worker_init_fn=start_worker,
        generator=generator,
        **options,
    )


def close_loader(loader: DataLoader | None) -> None:
    """End persistent workers now; left to Python's exit they are killed, and torch complains."""
    iterator = getattr(loader, '_iterator', None)
    if iterator is not None and hasattr(iterator, '_shutdown_workers'):
        iterator._shutdown_workers()
        loader._iterator = None  # type: ignore[union-attr]


def _check(batch_size: Any, workers: Any) -> None:
    problems = [
        f'{name} must be an integer >= {least}, got {value!r}'
        for name, value, least in (('batch_size', batch_size, 1), ('num_workers', workers, 0))
        if not isinstance(value, int) or isinstance(value, bool) or value < least
    ]
    if problems:
        raise ConfigError(problems)
