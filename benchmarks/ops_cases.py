"""Random inputs of the operators: 1,000 small ones to compare results, a few large ones to time."""

import numpy as np
import torch


def boxes_of(count, kind):
    """Boxes anywhere, in 20 heaps, or in 20 classes shifted apart as batched_nms does."""
    generator = torch.Generator().manual_seed(0)
    corner = torch.rand(count, 2, generator=generator) * 320
    extent = torch.rand(count, 2, generator=generator) * 60 + 8
    if kind == 'heaps':
        heap = torch.randint(0, 20, (count,), generator=generator)
        corner = corner[heap] + torch.randn(count, 2, generator=generator) * 6
        extent = 50 + torch.randn(count, 2, generator=generator) * 5
    boxes = torch.cat([corner, corner + extent], 1)
    if kind == 'classes':
        boxes += torch.randint(0, 20, (count, 1), generator=generator) * (boxes.max() + 1)
    # No ties: the compiled one sorts them as it likes.
    return boxes, torch.randperm(count, generator=generator) / count


def suppression_case(seed):
    """Boxes, scores and thresholds: anywhere, rounded, in classes, equal, below 0."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 200)) if seed % 10 else int(rng.integers(200, 700))
    corner = rng.random((count, 2)) * 10 ** rng.integers(1, 4)
    boxes = np.concatenate([corner, corner + rng.random((count, 2)) * 60 + 1], axis=1)
    if seed % 3 == 0:
        boxes = boxes.round()  # equal edges
    if seed % 5 == 2 and count:
        boxes += rng.integers(0, 20, (count, 1)) * (boxes.max() + 1)
    if seed % 7 == 3:
        boxes -= 500
    if seed % 13 == 5:
        boxes[:] = boxes[:1]
    scores = (rng.permutation(count) + 1) / (count + 1)  # no ties, see above
    return {
        'boxes': torch.tensor(boxes, dtype=torch.float32),
        'scores': torch.tensor(scores, dtype=torch.float32),
        'iou_threshold': float(rng.choice([0.0, 0.3, 0.45, 0.5, 0.7, 1.0])),
        'offset': seed // 2 % 2,
    }


def roi_case(seed):
    """Features, rois and the arguments of RoIAlign.

    Every kind of roi: inside, across the border, outside, without extent, larger than the map.
    """
    rng = np.random.default_rng(seed)
    dtype = torch.float64 if seed % 4 == 3 else torch.float32
    images, channels = int(rng.integers(1, 4)), int(rng.integers(1, 9))
    height, width = (int(n) for n in rng.integers(1, 24, 2))
    scale = float(rng.choice([1.0, 0.5, 0.25, 0.0625]))  # exact: compiled code takes it in float32
    count = int(rng.integers(0, 12))
    size = max(height, width) / scale
    corner = (rng.random((count, 2)) * 1.6 - 0.3) * size
    extent = rng.random((count, 2)) * size * rng.choice([0.1, 0.5, 1.5])
    if seed % 5 == 0:
        corner, extent = corner.round(), extent.round()
    if seed % 7 == 0:
        extent[::2] = 0
    rois = np.concatenate([rng.integers(0, images, (count, 1)), corner, corner + extent], axis=1)
    rows, columns = (int(n) for n in rng.integers(1, 8, 2))
    arguments = {
        'aligned_height': rows,
        'aligned_width': columns,
        'spatial_scale': scale,
        'sampling_ratio': int(rng.integers(0, 4)),
        'pool_mode': int(rng.integers(0, 2)),
        'aligned': bool(rng.integers(0, 2)),
    }
    features = torch.tensor(rng.standard_normal((images, channels, height, width)), dtype=dtype)
    gradient = torch.tensor(rng.standard_normal((count, channels, rows, columns)), dtype=dtype)
    return features, torch.tensor(rois, dtype=dtype), gradient, arguments


def typical_rois(count, channels, size, stride, seed=0):
    """Features of two images and rois as a feature pyramid assigns them: 9 to 37 strides wide."""
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(2, channels, size, size, generator=generator)
    extent = torch.exp(torch.rand(count, 2, generator=generator) * 1.4 + 2.2) * stride
    centre = torch.rand(count, 2, generator=generator) * size * stride
    image = torch.randint(0, 2, (count, 1), generator=generator)
    rois = torch.cat([image, centre - extent / 2, centre + extent / 2], 1)
    return features, rois
