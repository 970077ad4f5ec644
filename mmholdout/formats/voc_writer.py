"""VOC's layout: `Annotations/<id>.xml`, `JPEGImages/`, `ImageSets/Main/<split>.txt`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from mmholdout.formats.records import DIFFICULT, FLAGS, IGNORED, Box, Collection, Picture
from mmholdout.formats.writer import Writer, number

CLASSES = 'classes.txt'  # VOC has no order of its classes; a line each, in label order


class VOCWriter(Writer):
    """Corners count pixels from 1 and include both ends, as VOC's do.

    A crowd is difficult, with a tag `<crowd>` of its own.
    """

    keeps = frozenset(FLAGS)
    one_folder = True

    def image_place(self, split: str, name: str) -> str:
        """The splits share one folder."""
        del split
        return f'JPEGImages/{name}'

    def files(self, collection: Collection) -> Iterator[tuple[str, str]]:
        """The classes, a list for each split, a file for each image."""
        yield CLASSES, ''.join(f'{name}\n' for name in collection.classes)
        for split, pictures in collection.splits.items():
            ids = [str(PurePosixPath(picture.name).with_suffix('')) for picture in pictures]
            yield f'ImageSets/Main/{split}.txt', ''.join(f'{image_id}\n' for image_id in ids)
            for image_id, picture in zip(ids, pictures):
                yield f'Annotations/{image_id}.xml', self._xml(picture, collection.classes)

    def rounding(self, collection: Collection) -> str:
        """How many boxes move, and how far at most."""
        moves = [
            max(abs(a - b) for a, b in zip(thing.box, self._continuous(thing.box)))
            for thing in collection.things()
        ]
        moved = [move for move in moves if move > 0]
        if self.fractions:
            return 'boxes: corners from 1 with parts of pixels, which some readers cut off'
        if not moved:
            return 'boxes: corners in whole pixels from 1, none is rounded'
        return (
            f'boxes: corners in whole pixels from 1; {len(moved)} rounded, by at most '
            f'{max(moved):.2g} px (--fractions keeps parts of pixels)'
        )

    def losses(self, collection: Collection) -> list[str]:
        """Also boxes that a reader takes for none."""
        thin = sum(self.read_as(thing.box) is None for thing in collection.things())
        said = f'boxes of one pixel in width or height: {thin}, which are dropped when read here'
        return super().losses(collection) + ([said] if thin else [])

    def read_as(self, box: Box) -> Box | None:
        """None where both corners are one pixel: the reader here takes that for a click."""
        x1, y1, x2, y2 = self._corners(box)
        return None if x1 >= x2 or y1 >= y2 else self._continuous(box)

    def _continuous(self, box: Box) -> Box:
        x1, y1, x2, y2 = self._corners(box)
        return x1 - 1, y1 - 1, x2, y2

    def _corners(self, box: Box) -> Box:
        x1, y1, x2, y2 = box
        if not self.fractions:
            x1, y1 = math.floor(x1 + 0.5), math.floor(y1 + 0.5)
            x2, y2 = max(x1 + 1, math.floor(x2 + 0.5)), max(y1 + 1, math.floor(y2 + 0.5))
        return x1 + 1, y1 + 1, x2, y2

    def _xml(self, picture: Picture, classes: tuple[str, ...]) -> str:
        lines = [
            '<annotation>',
            f'  <filename>{escape(PurePosixPath(picture.name).name)}</filename>',
            f'  <size><width>{picture.width}</width><height>{picture.height}</height>'
            '<depth>3</depth></size>',
        ]
        for thing in picture.things:
            ignored = int(bool(thing.marks & IGNORED))
            others = [flag for flag in FLAGS if flag in thing.marks and flag != DIFFICULT]
            sides = zip(('xmin', 'ymin', 'xmax', 'ymax'), self._corners(thing.box))
            box = ''.join(f'<{side}>{number(value)}</{side}>' for side, value in sides)
            lines += [
                '  <object>',
                f'    <name>{escape(classes[thing.label])}</name>',
                f'    <difficult>{ignored}</difficult>',
                *(f'    <{flag}>1</{flag}>' for flag in others),
                f'    <bndbox>{box}</bndbox>',
                '  </object>',
            ]
        return '\n'.join([*lines, '</annotation>', ''])
