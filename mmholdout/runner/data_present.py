"""Whether the data of a run is there: one message for all its splits."""

from __future__ import annotations

from mmholdout.datasets.checked import CheckedDataset
from mmholdout.datasets.places import Places, require_places
from mmholdout.errors import DataError
from mmholdout.registry import DATASETS
from mmholdout.runner.fold_lists import require_fold
from mmholdout.runner.parts import Words, leaves


def require_data(words: Words, test_dataset: Words | None) -> None:
    """Check that lists and folders of train and val are there, before any file is read.

    Test may be elsewhere while a model is trained. Where train or val is incomplete, though, what
    test lacks is told in the same message.

    Args:
        words: translated.
        test_dataset: the words of the test split.

    Raises:
        DataError: everything that is missing, where it was looked for, how to get it.
    """
    require_fold(words)
    needed = [(split, words[f'{split}_dataloader']['dataset']) for split in ('train', 'val')]
    try:
        require_places(_places(needed))
    except DataError:
        if test_dataset is not None:
            require_places(_places([*needed, ('test', test_dataset)]))
        raise


def reader_of(leaf: Words) -> type[CheckedDataset] | None:
    """The class of a dataset where it is one of this package's, or derived from one; else None."""
    kind = leaf.get('type')
    found = DATASETS.get(kind) if isinstance(kind, str) else kind
    return found if isinstance(found, type) and issubclass(found, CheckedDataset) else None


def _places(datasets: list[tuple[str, Words]]) -> list[tuple[str, Places]]:
    return [
        (split, reader.places_of(leaf))
        for split, dataset in datasets
        for leaf in leaves(dataset)
        if (reader := reader_of(leaf))
    ]
