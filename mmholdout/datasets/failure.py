"""A sample that cannot be had because of the user's data, brought out of a worker in one piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mmengine.dataset import pseudo_collate
from torch.utils.data import DataLoader

from mmholdout.errors import DataError, UserError


@dataclass(frozen=True)
class Failure:
    """Takes a sample's place, and then its batch's."""

    problems: tuple[str, ...]


class FailureDataset:
    """Turns a UserError into a Failure.

    torch rebuilds a worker's exception around its traceback, which would then be the message.

    Args:
        dataset: the dataset; everything but indexing is passed on to it.
    """

    def __init__(self, dataset: Any) -> None:
        self.dataset = dataset

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, key: Any) -> Any:
        try:
            return self.dataset[key]
        except UserError as error:
            return Failure(error.problems)

    def __getattr__(self, name: str) -> Any:
        if name == 'dataset':  # not there yet while a worker unpickles
            raise AttributeError(name)
        return getattr(self.dataset, name)


def collate_or_fail(samples: Sequence[Any]) -> Any:
    """As mmengine's `pseudo_collate`, or all failures of the batch as one."""
    problems = [text for one in samples if isinstance(one, Failure) for text in one.problems]
    return Failure(tuple(dict.fromkeys(problems))) if problems else pseudo_collate(samples)


class FailureLoader(DataLoader[Any]):
    """A DataLoader that raises a batch's Failure where the batch is asked for.

    Workers that the next pass does not use are ended with the pass, however it ends: torch ends
    them when the iterator is collected, which waits for many seconds where a traceback holds it.
    """

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        """Batches.

        Raises:
            DataError: a sample of the next batch cannot be had.
        """
        iterator: Any = super().__iter__()
        reusable = False
        try:
            for batch in iterator:
                if isinstance(batch, Failure):
                    raise DataError(batch.problems)
                yield batch
            reusable = self.persistent_workers
        except GeneratorExit:
            reusable = self.persistent_workers
            raise
        finally:
            if not reusable and hasattr(iterator, '_shutdown_workers'):
                iterator._shutdown_workers()
                self._iterator = None
