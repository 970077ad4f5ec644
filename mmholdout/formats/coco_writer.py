"""COCO's JSON: `annotations/<split>.json` and the images in `<split>/`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from mmholdout.formats.records import (
    CROWD,
    DIFFICULT,
    FLAGS,
    OCCLUDED,
    TRUNCATED,
    Collection,
    Picture,
    Thing,
)
from mmholdout.formats.writer import Writer, number


class COCOWriter(Writer):
    """Images, categories and annotations count from 1, in their order.

    A difficult object has `ignore` 1 and, as COCO has no word for it, `difficult` 1. `area` is
    that of the box.
    """

    keeps = frozenset(FLAGS)

    def image_place(self, split: str, name: str) -> str:
        """Below a folder of the split's name."""
        return f'{split}/{name}'

    def files(self, collection: Collection) -> Iterator[tuple[str, str]]:
        """One file for each split."""
        categories = [{'id': n, 'name': name} for n, name in enumerate(collection.classes, 1)]
        for split, pictures in collection.splits.items():
            content = {
                'images': [
                    {'id': n, 'file_name': p.name, 'width': p.width, 'height': p.height}
                    for n, p in enumerate(pictures, 1)
                ],
                'annotations': _annotations(pictures),
                'categories': categories,
            }
            yield f'annotations/{split}.json', json.dumps(content, ensure_ascii=False) + '\n'

    def rounding(self, collection: Collection) -> str:
        """Nothing is."""
        del collection
        return 'boxes: x, y, width, height in pixels, not rounded'

    def losses(self, collection: Collection) -> list[str]:
        """Also what COCO's own evaluation passes over."""
        difficult = sum(DIFFICULT in thing.marks for thing in collection.things())
        said = (
            f'{DIFFICULT}: {difficult} objects, written as ignore 1, which is read here; '
            'pycocotools counts them as ordinary ones'
        )
        return super().losses(collection) + ([said] if difficult else [])


def _annotations(pictures: Sequence[Picture]) -> list[dict[str, Any]]:
    pairs = [(n, thing) for n, picture in enumerate(pictures, 1) for thing in picture.things]
    return [_annotation(n, image, thing) for n, (image, thing) in enumerate(pairs, 1)]


def _annotation(n: int, image: int, thing: Thing) -> dict[str, Any]:
    x1, y1, x2, y2 = thing.box
    width, height = x2 - x1, y2 - y1
    marks = thing.marks
    words: dict[str, Any] = {
        'id': n,
        'image_id': image,
        'category_id': thing.label + 1,
        'bbox': [number(side) for side in (x1, y1, width, height)],
        'area': number(width * height),
        'iscrowd': int(CROWD in marks),
    }
    words |= {'ignore': 1} if DIFFICULT in marks else {}
    return words | {flag: 1 for flag in (DIFFICULT, TRUNCATED, OCCLUDED) if flag in marks}
