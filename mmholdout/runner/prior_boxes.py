"""The boxes of the training split at the model's input size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mmholdout.priors.coverage import Boxes
from mmholdout.priors.frames import Frames
from mmholdout.priors.no_fit import NoFitError

Words = dict[str, Any]

# Transforms that leave the size of the image, or change it only by chance in training.
_STILL = {
    'LoadImageFromFile',
    'LoadAnnotations',
    'LoadImageFromNDArray',
    'FilterAnnotations',
    'Normalize',
    'PackDetInputs',
    'ToTensor',
    'ImageToTensor',
}


def training_boxes(dataset: Any, pipeline: Any, model: Words) -> Boxes:
    """Boxes of a built training set, resized and padded as the val pipeline does.

    Augmentation is left aside. Objects that are ignored in training (difficult ones) and boxes
    without area are left out.

    Args:
        dataset: built, wrappers included.
        pipeline: transform configs of the val split.
        model: its config; the preprocessor's `pad_size_divisor` pads.

    Raises:
        NoFitError: a transform whose effect on the size is not known, or a data set without
            sizes of its images.
    """
    sizes, bboxes, labels, owners = [], [], [], []
    for leaf in _leaves(dataset):
        for index in range(len(leaf)):
            info = leaf.get_data_info(index)
            if not (info.get('width') and info.get('height')):
                raise NoFitError('not computed: the data set does not say the size of its images')
            for instance in info.get('instances', ()):
                x1, y1, x2, y2 = instance['bbox']
                if not instance.get('ignore_flag') and x2 > x1 and y2 > y1:
                    bboxes.append((x1, y1, x2, y2))
                    labels.append(instance['bbox_label'])
                    owners.append(len(sizes))
            sizes.append((info['width'], info['height']))
    frames = through(Frames.of(np.array(sizes, dtype=np.int64)), pipeline)
    divisor = (model.get('data_preprocessor') or {}).get('pad_size_divisor', 1)
    owner = np.array(owners, dtype=np.int64)
    moved = frames.boxes(np.array(bboxes, dtype=np.float64).reshape(-1, 4), owner)
    solid = ((moved[:, 2:] > moved[:, :2]).all(axis=1)).nonzero()[0]
    return Boxes(
        moved,
        np.array(labels, dtype=np.int64),
        frames.image[owner],
        frames.padded(divisor=divisor).image[owner],
        tuple(dataset.metainfo['classes']),
    ).take(solid)


def through(frames: Frames, pipeline: Any) -> Frames:
    """What the transforms of a val pipeline make of the sizes.

    Raises:
        NoFitError: a transform is not known here.
    """
    for step in pipeline:
        name = _name(step)
        if name == 'Resize':
            frames = _resized(frames, step)
        elif name == 'FixShapeResize':
            scale = (step['width'], step['height'])
            frames = frames.resized(scale, keep_ratio=step.get('keep_ratio', False))
        elif name == 'Pad':
            square = step.get('pad_to_square', False)
            frames = frames.padded(step.get('size'), step.get('size_divisor'), square=square)
        elif name not in _STILL:
            raise NoFitError(
                f'not computed: the val pipeline has {name}, whose effect on the size of the '
                'image is not known here'
            )
    return frames


def _resized(frames: Frames, step: Words) -> Frames:
    keep_ratio = step.get('keep_ratio', False)
    scale, factor = step.get('scale'), step.get('scale_factor')
    if scale is not None:
        pair = (scale, scale) if isinstance(scale, int) else (scale[0], scale[1])
        return frames.resized(pair, keep_ratio=keep_ratio)
    if factor is None:
        raise NoFitError('not computed: Resize of the val pipeline names no scale')
    pair = (factor, factor) if isinstance(factor, int | float) else (factor[0], factor[1])
    return frames.scaled(pair, keep_ratio=keep_ratio)


def _leaves(dataset: Any) -> Iterator[Any]:
    """The data sets that read files, below wrappers; each once, however often it is repeated."""
    if hasattr(dataset, 'datasets'):
        for one in dataset.datasets:
            yield from _leaves(one)
    elif hasattr(dataset, 'dataset'):
        yield from _leaves(dataset.dataset)
    elif hasattr(dataset, 'get_data_info'):
        yield dataset
    else:
        name = type(dataset).__name__
        raise NoFitError(f'not computed: {name} does not give the annotations alone')


def _name(step: Any) -> str:
    kind = step.get('type', '') if isinstance(step, dict) else type(step)
    return kind.rpartition('.')[2] if isinstance(kind, str) else kind.__name__
