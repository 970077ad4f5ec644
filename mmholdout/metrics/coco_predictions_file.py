"""A file of detections in COCO's result format, checked against its ground truth."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import DataError
from mmholdout.metrics.coco_defects import Defects, shown
from mmholdout.metrics.coco_fields import ImageId, box_problem, id_problem, is_finite
from mmholdout.metrics.json_file import first_sign, items, parse, read_text


@dataclass(frozen=True, eq=False)
class PredictionsFile:
    """Detections in the order of the file, which decides ties of scores.

    Attributes:
        images: int64 (N,) position of the image among the ground truth's.
        labels: int64 (N,).
        bboxes: float64 (N, 4): x, y, width, height in absolute pixels.
        scores: float64 (N,).
    """

    images: NDArray[np.int64]
    labels: NDArray[np.int64]
    bboxes: NDArray[np.float64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.labels)


def read_predictions(
    path: Path, image_ids: tuple[ImageId, ...], category_ids: tuple[int, ...]
) -> PredictionsFile:
    """Read a list of `{"image_id", "category_id", "bbox", "score"}`; further keys are ignored.

    Memory: the text and 56 bytes per detection.

    Args:
        path: the file.
        image_ids: of the ground truth.
        category_ids: of the ground truth, in label order.

    Raises:
        DataError: all kinds of defects at once, each with the first detection and its image.
    """
    text = read_text(path)
    if first_sign(text) != '[':
        raise DataError(_no_list(path, parse(path, text)))
    image_at = {number: place for place, number in enumerate(image_ids)}
    label_of = {number: label for label, number in enumerate(category_ids)}
    images, labels = array('q'), array('q')
    numbers = array('d')
    defects = Defects(path)
    for place, item in enumerate(items(path, text)):
        problems = _problems(item, image_at, label_of)
        if problems:
            image = shown(item.get('image_id')) if isinstance(item, dict) else '?'
            for kind, sentence in problems.items():
                defects.add(kind, f'detection {place} (image {image}) has {sentence}')
        else:
            images.append(image_at[item['image_id']])
            labels.append(label_of[item['category_id']])
            numbers.extend(item['bbox'])
            numbers.append(item['score'])
    if defects:
        raise DataError(defects.sentences())
    table = np.array(numbers, dtype=np.float64).reshape(-1, 5)
    return PredictionsFile(
        images=np.array(images, dtype=np.int64),
        labels=np.array(labels, dtype=np.int64),
        bboxes=np.ascontiguousarray(table[:, :4]),
        scores=table[:, 4].copy(),
    )


def _problems(item: Any, image_at: dict[ImageId, int], label_of: dict[int, int]) -> dict[str, str]:
    """Kind of defect -> sentence after 'detection 3 has'."""
    if type(item) is not dict:
        return {'no object': f'the form {shown(item)}; an object with image_id, ... is needed'}
    found = {}
    image, category = item.get('image_id'), item.get('category_id')
    problem = id_problem(image)
    if problem:
        found['image'] = f'image_id {problem}'
    elif image not in image_at:
        found['image'] = f'an image_id that the ground truth lacks{_other_type(image, image_at)}'
    if type(category) is not int or category not in label_of:
        found['category'] = (
            f'category_id {shown(category)}; the ground truth knows {_listed(label_of)}'
            + ('. Are these labels from 0 instead of category ids?' if category == 0 else '')
        )
    bbox = item.get('bbox')
    problem = box_problem(bbox)
    if problem:
        found[problem] = f'bbox {shown(bbox)}; {problem}'
    score = item.get('score')
    if not is_finite(score):
        found['score'] = f'score {shown(score)}; a finite number is needed'
    return found


def _other_type(image: Any, image_at: dict[ImageId, int]) -> str:
    other: ImageId = str(image)
    if isinstance(image, str):
        other = int(image) if image.isascii() and image.isdecimal() and len(image) < 19 else image
    if other in image_at:
        return f': here it is a {_kind(image)}, there {other!r} is a {_kind(other)}'
    return '; are these the detections of another split?'


def _kind(image: ImageId) -> str:
    return 'text' if isinstance(image, str) else 'number'


def _listed(label_of: dict[int, int]) -> str:
    known = list(label_of)
    return ', '.join(map(str, known)) if len(known) <= 8 else f'{known[0]} to {known[-1]}'


def _no_list(path: Path, content: Any) -> str:
    if isinstance(content, dict) and 'annotations' in content:
        why = 'it looks like ground truth; PREDICTIONS comes first and GROUND_TRUTH second'
    elif isinstance(content, dict):
        why = f'it is an object with the keys {shown(list(content))}'
    else:
        why = f'it is {shown(content)}'
    return (
        f'{path} holds no list of detections: {why}. '
        'Needed is [{"image_id": 1, "category_id": 1, "bbox": [x, y, width, height], '
        '"score": 0.9}, ...]'
    )
