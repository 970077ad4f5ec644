"""A ground-truth file in COCO's format, checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.errors import DataError
from mmholdout.metrics.coco_annotations import Annotations, read_annotations
from mmholdout.metrics.coco_defects import Defects, shown
from mmholdout.metrics.coco_fields import ImageId, id_problem
from mmholdout.metrics.json_file import parse, read_text

PARTS = ('images', 'categories', 'annotations')


@dataclass(frozen=True, eq=False)
class TruthFile:
    """What a ground-truth file says.

    Attributes:
        image_ids: rising, as pycocotools sorts them; all integers or all texts.
        file_names: of the images; None where there is none.
        category_ids: rising; the position is the label.
        classes: names in label order.
        objects: the annotations.
    """

    image_ids: tuple[ImageId, ...]
    file_names: tuple[str | None, ...]
    category_ids: tuple[int, ...]
    classes: tuple[str, ...]
    objects: Annotations


def read_truth(path: Path) -> TruthFile:
    """Read `images`, `categories` and `annotations`; everything else in the file is ignored.

    Raises:
        DataError: all kinds of defects at once, each with the first image or annotation.
    """
    content = parse(path, read_text(path))
    if not isinstance(content, dict):
        raise DataError(
            f'{path} holds {shown(content)}; ground truth is an object with images, annotations '
            'and categories. PREDICTIONS comes first and GROUND_TRUTH second'
        )
    defects = Defects(path)
    for name in PARTS:
        if not isinstance(content.get(name), list):
            defects.add(name, f'{name} is {shown(content.get(name))}; a list is needed')
    if defects:
        raise DataError(defects.sentences())
    names = _images(content['images'], defects)
    classes = _categories(content['categories'], defects)
    objects = read_annotations(
        content['annotations'],
        {number: place for place, number in enumerate(names)},
        {number: label for label, number in enumerate(classes)},
        defects,
    )
    if defects:
        raise DataError(defects.sentences())
    return TruthFile(
        image_ids=tuple(names),
        file_names=tuple(names.values()),
        category_ids=tuple(classes),
        classes=tuple(classes.values()),
        objects=objects,
    )


def _images(entries: list[Any], defects: Defects) -> dict[ImageId, str | None]:
    """Image id -> file name, sorted by id."""
    found: dict[ImageId, str | None] = {}
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            defects.add('image', f'images[{place}] is {shown(entry)}; an object is needed')
            continue
        number: Any = entry.get('id')
        name = entry.get('file_name')
        if id_problem(number):
            defects.add('image id', f'images[{place}] ({shown(name)}) has id {id_problem(number)}')
        elif number in found:
            names = f'{shown(found[number])} and {shown(name)}'
            defects.add('image twice', f'two images have the id {shown(number)}: {names}')
        else:
            found[number] = name if isinstance(name, str) else None
    if not entries:
        defects.add('no images', 'images is empty')
    if len({isinstance(number, str) for number in found}) > 1:
        defects.add('id types', 'some image ids are numbers and others texts')
        return found
    return {number: found[number] for number in sorted(found)}


def _categories(entries: list[Any], defects: Defects) -> dict[int, str]:
    """Category id -> name, sorted by id."""
    found: dict[int, str] = {}
    names: set[str] = set()
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            defects.add('category', f'categories[{place}] is {shown(entry)}; an object is needed')
            continue
        number, name = entry.get('id'), entry.get('name')
        if type(number) is not int:
            defects.add(
                'category id', f'categories[{place}] has id {shown(number)}; a number is needed'
            )
        elif number in found:
            defects.add('category twice', f'two categories have the id {number}')
        elif not isinstance(name, str):
            defects.add('class name', f'category {number} has name {shown(name)}; a text is needed')
        elif name in names:
            defects.add('class twice', f'two categories have the name {shown(name)}')
        else:
            found[number] = name
            names.add(name)
    if not entries:
        defects.add('no categories', 'categories is empty')
    return {number: found[number] for number in sorted(found)}
