"""One annotation file in COCO's JSON, as it is written.

Format: https://cocodataset.org/#format-data.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmholdout.errors import DataError
from mmholdout.formats.found import Found, shown
from mmholdout.formats.records import CROWD, DIFFICULT, OCCLUDED, TRUNCATED, Box

ImageId = int | str
# Everything else that an annotation holds is counted by its name where it is converted.
_READ = {'id', 'image_id', 'category_id', 'bbox', 'area', 'iscrowd', 'ignore'}
_FLAGS = (DIFFICULT, TRUNCATED, OCCLUDED)
_BACKSLASH = 'image names with a backslash, read as /'


@dataclass(frozen=True)
class COCOObject:
    """One annotation; `box` is xyxy as its bbox says, not checked against the image."""

    number: ImageId
    category: str
    box: Box
    marks: frozenset[str] = frozenset()


@dataclass
class COCOImage:
    """One image; `size` is (width, height), None where it is missing or not positive."""

    number: ImageId
    name: str
    size: tuple[int, int] | None
    objects: list[COCOObject] = field(default_factory=list)


@dataclass(frozen=True)
class COCOFile:
    """What a file says: images in its order, names of categories in the order of their ids."""

    images: list[COCOImage]
    categories: tuple[str, ...]
    found: Found


def read_coco(path: Path) -> COCOFile:
    """Read images, categories and annotations; what is wrong with single entries is in `found`.

    Raises:
        DataError: not there, no JSON, or not of this form.
    """
    content, found = _content(path, ('images', 'annotations', 'categories')), Found()
    images = _images(content['images'], found)
    categories = _categories(content['categories'], found)
    _annotations(content['annotations'], images, categories, found)
    names = tuple(dict.fromkeys(categories[number] for number in sorted(categories)))
    return COCOFile(list(images.values()), names, found)


def read_images(path: Path) -> list[COCOImage]:
    """The images alone: no annotation is looked at.

    Raises:
        DataError: not there, no JSON, or not of this form.
    """
    return list(_images(_content(path, ('images',))['images'], Found()).values())


def _content(path: Path, parts: Iterable[str]) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f'cannot read {path}: {error.strerror or error}') from error
    except (ValueError, RecursionError) as error:
        raise DataError(f'{path} is no valid JSON: {error}') from error
    if not isinstance(content, dict):
        raise DataError(
            f'{path} holds {shown(content)}; COCO annotations are an object with images, '
            'annotations and categories'
        )
    problems = [
        f'{path}: {name} is {shown(content.get(name)) if name in content else "missing"}; a list '
        'is needed'
        for name in parts
        if not isinstance(content.get(name), list)
    ]
    if problems:
        raise DataError(problems)
    return content


def _images(entries: list[Any], found: Found) -> dict[ImageId, COCOImage]:
    images: dict[ImageId, COCOImage] = {}
    names: dict[str, ImageId] = {}
    for place, entry in enumerate(entries):
        here = f'images[{place}]'
        number: Any = entry.get('id') if isinstance(entry, dict) else None
        given = entry.get('file_name') if isinstance(entry, dict) else None
        if not _is_id(number) or not isinstance(given, str) or not given:
            found.problem('images without an id or a file_name', f'{here} is {_brief(entry)}')
            continue
        name = _name(given, found)
        if _leads_out(name):
            found.problem('image names that lead out of the folder', f'{here}: {given!r}')
        elif number in images:
            other = images[number].name
            found.problem('image ids used twice', f'{number!r}: {other!r} and {given!r}')
        elif name in names:
            found.problem('images listed twice', f'{given!r}: ids {names[name]!r} and {number!r}')
        else:
            names[name] = number
            images[number] = COCOImage(number, name, _size(entry))
    return images


def _categories(entries: list[Any], found: Found) -> dict[ImageId, str]:
    categories: dict[ImageId, str] = {}
    for place, entry in enumerate(entries):
        number = entry.get('id') if isinstance(entry, dict) else None
        name = entry.get('name') if isinstance(entry, dict) else None
        if type(number) is not int or not isinstance(name, str) or not name.strip():
            what = f'categories[{place}] is {_brief(entry)}'
            found.problem('categories without a whole id or a name', what)
        elif number in categories:
            found.problem(
                'category ids used twice', f'{number}: {categories[number]!r} and {name!r}'
            )
        else:
            if name.strip() in categories.values():
                found.notice('categories of one name, taken as one class', repr(name))
            categories[number] = name.strip()
    return categories


def _annotations(
    entries: list[Any],
    images: dict[ImageId, COCOImage],
    categories: dict[ImageId, str],
    found: Found,
) -> None:
    numbers: set[ImageId] = set()
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            found.problem('annotations that are no objects', f'annotations[{place}]')
            continue
        number: Any = entry.get('id')
        here = f'annotation {shown(number)}' if _is_id(number) else f'annotations[{place}]'
        if not _is_id(number):
            found.notice('annotations without an id, kept', here)
        elif number in numbers:
            found.notice('annotation ids used more than once, all kept', here)
        numbers |= {number} if _is_id(number) else set()
        image_id, category = entry.get('image_id'), entry.get('category_id')
        if not _is_id(image_id) or image_id not in images:
            found.problem(
                'annotations of images that the file does not list',
                f'{here} of image {shown(image_id)}',
            )
        elif type(category) is not int or category not in categories:
            found.problem(
                'annotations of categories that the file does not list',
                f'{here} of image {images[image_id].name!r}: category {shown(category)}',
            )
        elif (box := _box(entry.get('bbox'))) is None:
            found.problem(
                'annotations whose bbox is not four numbers x, y, width, height',
                f'{here} of image {images[image_id].name!r}: {shown(entry.get("bbox"))}',
            )
        elif (marks := _marks(entry)) is None:
            found.problem(
                'annotations whose iscrowd or ignore is neither 0 nor 1',
                f'{here} of image {images[image_id].name!r}',
            )
        else:
            name = number if _is_id(number) else place
            thing = COCOObject(name, categories[category], box, marks)
            images[image_id].objects.append(thing)


def _marks(entry: dict[str, Any]) -> frozenset[str] | None:
    """Flags, and the names of further fields that say something; None for a flag that is none."""
    marks = {key for key, value in entry.items() if key not in (*_READ, *_FLAGS) and value}
    for key, mark in (('iscrowd', CROWD), ('ignore', DIFFICULT), *((f, f) for f in _FLAGS)):
        value = entry.get(key) or 0
        if value not in (0, 1):
            return None
        marks |= {mark} if value else set()
    area, bbox = entry.get('area'), entry['bbox']
    if isinstance(area, int | float) and abs(area - bbox[2] * bbox[3]) > max(1.0, 0.001 * area):
        marks.add('area')
    return frozenset(marks)


def _box(bbox: Any) -> Box | None:
    if not isinstance(bbox, list) or len(bbox) != 4:
        return None
    if not all((type(side) in (int, float) and abs(side) < 1e300) or side != side for side in bbox):
        return None
    x, y, width, height = map(float, bbox)
    return x, y, x + width, y + height


def _size(entry: dict[str, Any]) -> tuple[int, int] | None:
    width, height = entry.get('width'), entry.get('height')
    if type(width) is int and type(height) is int and width > 0 and height > 0:
        return width, height
    return None


def _is_id(value: Any) -> bool:
    return type(value) is int or (isinstance(value, str) and value != '')


def _name(given: str, found: Found) -> str:
    if '\\' in given:
        found.notice(_BACKSLASH, repr(given))
        given = given.replace('\\', '/')
    return given if given.startswith('/') else posixpath.normpath(given)


def _leads_out(name: str) -> bool:
    return (
        name.startswith(('/', '../'))
        or name in ('.', '..')
        or '\0' in name
        or re.match('[A-Za-z]:', name) is not None
    )


def _brief(entry: Any) -> str:
    if not isinstance(entry, dict):
        return shown(entry)
    return shown({k: entry.get(k) for k in ('id', 'file_name', 'name') if k in entry}.__str__())
