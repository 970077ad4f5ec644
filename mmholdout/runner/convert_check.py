"""What was written in another format, read back and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmengine.registry import DefaultScope

from mmholdout.datasets.checked import CheckedDataset
from mmholdout.errors import DataError
from mmholdout.formats.records import IGNORED, Box, Collection, Picture
from mmholdout.formats.writer import Writer
from mmholdout.registry import DATASETS
from mmholdout.runner.parts import Words
from mmholdout.splits.listed import listed

MOST_PX = 1e-6  # between a box as the format rounds it and as it is read


def open_dataset(words: Words) -> CheckedDataset:
    """A data set that has read nothing yet, without transforms."""
    wanted = {'pipeline': [], 'test_mode': True, 'lazy_init': True, 'corrupt': 'error'}
    with DefaultScope.overwrite_default_scope('mmholdout'):
        dataset: CheckedDataset = DATASETS.build(words | wanted)
    return dataset


def require_same(
    folder: Path, collection: Collection, writer: Writer, kind: type[CheckedDataset]
) -> None:
    """Read all splits back and compare images, sizes, labels, boxes and flags.

    Raises:
        DataError: they are not what the format can hold of the collection.
    """
    problems = []
    found = kind.words_of_folder(folder)
    if list(found) != list(collection.splits):
        problems.append(f'splits {", ".join(collection.splits)} became {", ".join(found)}')
    for split, words in found.items():
        classes = {'classes': collection.classes}
        dataset = open_dataset(words | {'metainfo': classes, 'use_index': False})
        samples = dataset.read_samples(marks=True)
        problems += [
            f'{kind}: {listed(examples)}' for kind, examples in dataset.report.problems.items()
        ]
        pictures = collection.splits.get(split, ())
        if len(samples) != len(pictures):
            problems.append(f'{len(pictures)} images of {split} became {len(samples)}')
        differing = [
            picture.name
            for picture, sample in zip(pictures, samples)
            if not _same(picture, sample, writer)
        ]
        if differing:
            problems.append(f'images of {split} with other objects: {listed(differing)}')
    if problems:
        raise DataError(
            ['what was written reads otherwise than it was meant, and was removed', *problems]
        )


def _same(picture: Picture, sample: dict[str, Any], writer: Writer) -> bool:
    if (picture.width, picture.height) != (sample['width'], sample['height']):
        return False
    if not sample['img_path'].replace('\\', '/').endswith('/' + picture.name):
        return False
    meant = [
        (thing.label, box, bool(thing.marks & IGNORED & writer.keeps))
        for thing in picture.things
        if (box := writer.read_as(thing.box)) is not None
    ]
    read = [(i['bbox_label'], i['bbox'], bool(i['ignore_flag'])) for i in sample['instances']]
    return len(meant) == len(read) and all(
        a[0] == b[0] and a[2] == b[2] and _near(a[1], b[1]) for a, b in zip(meant, read)
    )


def _near(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= MOST_PX for a, b in zip(one, other, strict=True))
