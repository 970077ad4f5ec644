"""YOLO's format: `data.yaml`, images in `images/<split>/`, labels in `labels/<split>/`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import yaml

from mmholdout.formats.records import IGNORED, Collection, Picture, Thing
from mmholdout.formats.writer import Writer

DECIMALS = 12  # six, as most writers have, are 0.002 px of 2,000


class YOLOWriter(Writer):
    """Every image has a label file; that of an image without objects is empty."""

    def image_place(self, split: str, name: str) -> str:
        """Below `images` and the split."""
        return f'images/{split}/{name}'

    def files(self, collection: Collection) -> Iterator[tuple[str, str]]:
        """`data.yaml`, one file for each image, and lists where names do not give the order."""
        listed = {split for split, pictures in collection.splits.items() if not _sorted(pictures)}
        content: dict[str, Any] = {
            split: f'{split}.txt' if split in listed else f'images/{split}'
            for split in collection.splits
        }
        content['names'] = dict(enumerate(collection.classes))
        yield 'data.yaml', yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        for split, pictures in collection.splits.items():
            if split in listed:
                lines = (f'./{self.image_place(split, p.name)}\n' for p in pictures)
                yield f'{split}.txt', ''.join(lines)
            for picture in pictures:
                place = PurePosixPath('labels', split, picture.name).with_suffix('.txt')
                lines = (_line(t, picture.width, picture.height) for t in picture.things)
                yield str(place), ''.join(lines)

    def rounding(self, collection: Collection) -> str:
        """The error of the last decimal."""
        del collection
        return (
            f'boxes: centre and size as shares of the image with {DECIMALS} decimals, exact to '
            'a millionth of a pixel'
        )

    def fate(self, mark: str) -> str:
        """An ignored object becomes an ordinary one."""
        return ', which become ordinary ones (or --drop-ignored)' if mark in IGNORED else ''


def _sorted(pictures: Sequence[Picture]) -> bool:
    """Whether a reader of the folder finds the images in this order."""
    names = [picture.name for picture in pictures]
    return names == sorted(names) and not any('/' in name for name in names)


def _line(thing: Thing, width: int, height: int) -> str:
    x1, y1, x2, y2 = thing.box
    shares = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
    words = ' '.join(f'{share:.{DECIMALS}f}'.rstrip('0').rstrip('.') for share in shares)
    return f'{thing.label} {words}\n'
