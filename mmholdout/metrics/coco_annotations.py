"""The `annotations` of a COCO ground-truth file, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.coco_defects import Defects, shown
from mmholdout.metrics.coco_fields import ImageId, box_problem, id_problem, is_finite


@dataclass(frozen=True, eq=False)
class Annotations:
    """Objects in the order of the file, which decides ties of overlap.

    Attributes:
        images: int64 (M,) position of the image among all images.
        labels: int64 (M,).
        bboxes: float64 (M, 4): x, y, width, height in absolute pixels.
        areas: float64 (M,) square pixels.
        crowd: bool (M,).
        ignore: bool (M,): the word `ignore`, which pycocotools does not read.
        notes: what was assumed, for the user to know.
    """

    images: NDArray[np.int64]
    labels: NDArray[np.int64]
    bboxes: NDArray[np.float64]
    areas: NDArray[np.float64]
    crowd: NDArray[np.bool_]
    ignore: NDArray[np.bool_]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


def read_annotations(
    entries: list[Any],
    image_at: dict[ImageId, int],
    label_of: dict[int, int],
    defects: Defects,
) -> Annotations:
    """Check the entries and lay them end to end.

    Args:
        entries: as in the file.
        image_at: image id -> position.
        label_of: category id -> label.
        defects: to which those of the entries are added; the result is of use if none is.
    """
    rows: list[list[float]] = []
    flags: list[tuple[bool, bool]] = []
    seen: set[ImageId] = set()
    no_area = 0
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            defects.add('object', f'annotations[{place}] is {shown(entry)}; an object is needed')
            continue
        number: Any = entry.get('id')
        problems = _problems(entry, image_at, label_of)
        if id_problem(number):
            problems['id'] = f'id {id_problem(number)}'
        elif number in seen:
            problems['twice'] = 'the id of another annotation; all need their own'
        else:
            seen.add(number)
        if problems:
            who = f'annotation {shown(number)} (image {shown(entry.get("image_id"))})'
            for kind, sentence in problems.items():
                defects.add(f'object {kind}', f'{who} has {sentence}')
            continue
        bbox, area = entry['bbox'], entry.get('area')
        if area is None:
            no_area += 1
            area = bbox[2] * bbox[3]
        rows.append([image_at[entry['image_id']], label_of[entry['category_id']], *bbox, area])
        flags.append((bool(entry.get('iscrowd')), bool(entry.get('ignore'))))
    table = np.array(rows, dtype=np.float64).reshape(-1, 7)
    marks = np.array(flags, dtype=np.bool_).reshape(-1, 2)
    num_ignored = int((marks[:, 1] & ~marks[:, 0]).sum())
    return Annotations(
        images=table[:, 0].astype(np.int64),
        labels=table[:, 1].astype(np.int64),
        bboxes=np.ascontiguousarray(table[:, 2:6]),
        areas=table[:, 6].copy(),
        crowd=marks[:, 0].copy(),
        ignore=marks[:, 1].copy(),
        notes=tuple(_notes(no_area, 0 in seen, num_ignored)),
    )


def _problems(
    entry: dict[str, Any], image_at: dict[ImageId, int], label_of: dict[int, int]
) -> dict[str, str]:
    """Kind of defect -> sentence after 'annotation 3 has'."""
    found = {}
    image, category = entry.get('image_id'), entry.get('category_id')
    if id_problem(image):
        found['image'] = f'image_id {id_problem(image)}'
    elif image not in image_at:
        found['image'] = 'an image_id that is not in images'
    if type(category) is not int or category not in label_of:
        found['category'] = f'category_id {shown(category)}, which is not in categories'
    bbox = entry.get('bbox')
    problem = box_problem(bbox)
    if problem:
        found[problem] = f'bbox {shown(bbox)}; {problem}'
    area = entry.get('area')
    if area is not None and (not is_finite(area) or area < 0):
        found['area'] = f'area {shown(area)}; a finite number from 0 is needed'
    for word in ('iscrowd', 'ignore'):
        if entry.get(word, 0) not in (0, 1):  # True is as good
            found[word] = f'{word} {shown(entry[word])}; 0 or 1 is needed'
    return found


def _notes(no_area: int, has_id_0: bool, num_ignored: int) -> list[str]:
    notes = []
    if no_area:
        notes.append(f'{no_area} annotations have no area; that of the box was taken')
    if has_id_0:
        notes.append(
            'an annotation has id 0, which pycocotools counts as missed even where it was found; '
            'here it counts like any other'
        )
    if num_ignored:
        notes.append(
            f'{num_ignored} annotations are marked ignore and not iscrowd: as in pycocotools, '
            "COCO's numbers count them; VOC's leave them out like difficult objects"
        )
    return notes
