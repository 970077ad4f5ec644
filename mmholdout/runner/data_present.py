"""Whether the data of a run is there: one message for all its splits."""

from __future__ import annotations

from mmholdout.datasets.voc_places import VOCPlaces, require_places
from mmholdout.errors import DataError
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
    needed = [(split, words[f'{split}_dataloader']['dataset']) for split in ('train', 'val')]
    try:
        require_places(_places(needed))
    except DataError:
        if test_dataset is not None:
            require_places(_places([*needed, ('test', test_dataset)]))
        raise


def is_voc(leaf: Words) -> bool:
    """Whether the words of a dataset name this package's reader of VOC's layout."""
    return str(leaf.get('type')).rpartition('.')[2] == 'VOCDataset'


def _places(datasets: list[tuple[str, Words]]) -> list[tuple[str, VOCPlaces]]:
    return [
        (split, VOCPlaces.of(leaf))
        for split, dataset in datasets
        for leaf in leaves(dataset)
        if is_voc(leaf)
    ]
