"""One annotation file in VOC's XML, as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException, ElementTree

from mmholdout.errors import DataError

SIDES = ('xmin', 'ymin', 'xmax', 'ymax')
MOST_BYTES = 4 << 20  # some 12,000 objects; parsing takes up to 80 times as much memory
MOST_CHARACTERS = 255  # of a class name
MOST_PROBLEMS = 100
MARKS = ('truncated', 'occluded', 'crowd')


@dataclass(frozen=True)
class VOCObject:
    """One object; `box` is (xmin, ymin, xmax, ymax) as written, neither checked nor shifted.

    `marks` are further flags that are set (`MARKS`) and, of other formats, what else is said of
    the object; training does not look at them.
    """

    name: str
    box: tuple[float, float, float, float]
    difficult: bool
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class VOCAnnotation:
    """What a file says; `size` is (width, height), None where it is missing or not positive."""

    objects: tuple[VOCObject, ...]
    size: tuple[int, int] | None


def read_annotation(path: str | Path) -> VOCAnnotation:
    """Parse one file; fields are read by tag, whatever their order.

    Only children of `<object>` itself count, so that a `<part>` or an `<owner>` with a name or
    a box of its own is not taken for the object. `pose`, `truncated` and `difficult` may be
    missing; `filename`, `folder` and `path` are not read, because they are often wrong.
    A document type (DTD), and with it entities and references to files, is refused: a small
    file could blow up to gigabytes. So is what is no regular file, or larger than `MOST_BYTES`.

    Raises:
        DataError: every problem of the file, each with file and field.
    """
    path = Path(path)
    try:
        root = ElementTree.fromstring(_content(path), forbid_dtd=True)
    except OSError as error:
        raise DataError(f'{path}: cannot be read: {error.strerror}') from error
    except DefusedXmlException as error:
        raise DataError(
            f'{path}: refused, it has a document type (<!DOCTYPE), with which a file can define '
            'entities and refer to other files'
        ) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise DataError(f'{path}: no valid XML: {error}') from error
    if root.tag != 'annotation':
        raise DataError(f'{path}: the outermost tag is <{root.tag}>, not <annotation>')
    problems: list[str] = []
    objects = []
    for number, element in enumerate(root.findall('object'), 1):
        try:
            objects.append(_object(element))
        except _FieldError as error:
            problems.append(f'{path}: object {number}: {error}')
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f'{path}: and {more} objects more'] if more > 0 else []
        raise DataError(problems[:MOST_PROBLEMS] + rest)
    return VOCAnnotation(tuple(objects), _size(root))


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise DataError(f'{path}: cannot be read: it is no regular file')
    with path.open('rb') as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DataError(f'{path}: refused, it is larger than {MOST_BYTES >> 20} MiB')
    return content


class _FieldError(Exception):
    """Says which field of an object is wrong."""


def _object(element: Any) -> VOCObject:
    name = (element.findtext('name') or '').strip()
    if not name:
        raise _FieldError('<name> is missing or empty')
    if len(name) > MOST_CHARACTERS:
        raise _FieldError(f'<name>{_cut(name)}</name> has {len(name)} characters')
    boxes = element.findall('bndbox')
    if len(boxes) != 1:
        raise _FieldError(f'{name!r} has {len(boxes) or "no"} <bndbox>')
    x1, y1, x2, y2 = (_number(boxes[0], side, name) for side in SIDES)
    marks = {tag for tag in MARKS if (element.findtext(tag) or '').strip() == '1'}
    pose = (element.findtext('pose') or '').strip().lower()
    marks |= {'pose'} if pose not in ('', 'unspecified') else set()
    marks |= {'part'} if element.find('part') is not None else set()
    return VOCObject(name, (x1, y1, x2, y2), _difficult(element, name), frozenset(marks))


def _number(box: Any, side: str, name: str) -> float:
    text = box.findtext(side)
    if text is None:
        raise _FieldError(f'{name!r} has a <bndbox> without <{side}>')
    try:
        return float(text)
    except ValueError:
        raise _FieldError(
            f'{name!r} has <{side}>{_cut(text.strip())}</{side}>, no number'
        ) from None


def _difficult(element: Any, name: str) -> bool:
    text = (element.findtext('difficult') or '').strip()
    if text.lower() in ('', '0', 'false', 'no', 'unspecified'):
        return False
    if text.lower() in ('1', 'true', 'yes'):
        return True
    raise _FieldError(f'{name!r} has <difficult>{_cut(text)}</difficult>, neither 0 nor 1')


def _size(root: Any) -> tuple[int, int] | None:
    try:
        width, height = (int(float(root.findtext(f'size/{k}') or 0)) for k in ('width', 'height'))
    except (ValueError, OverflowError):
        return None
    return (width, height) if width > 0 and height > 0 else None


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + '…'


_SHOWN = 60
