"""SSD300 and SSD512 against the paper's formulas, restated in NumPy.

Sources: Liu et al., SSD, ECCV 2016, sections 2.2 and 3; sizes, strides and offsets of the Caffe
scripts ssd_pascal.py and ssd_pascal_512.py and its prior_box_layer.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.registry import DefaultScope
from mmengine.structures import InstanceData

from mmholdout.config.load import load
from mmholdout.registry import MODELS, TASK_UTILS

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
CLASSES = 20  # the background comes last, as in mmdet
VARIANCES = np.array([0.1, 0.1, 0.2, 0.2])
CELLS = {300: [38, 19, 10, 5, 3, 1], 512: [64, 32, 16, 8, 4, 2, 1]}
STEPS = {300: [8, 16, 32, 64, 100, 300], 512: [8, 16, 32, 64, 128, 256, 512]}
FIRST_PERCENT = {300: (10, 20, 90), 512: (7, 15, 90)}


def paper_priors(size):
    """Centres and sizes (P, 4) in pixels, in Caffe's order."""
    smallest, lowest, highest = FIRST_PERCENT[size]
    step = (highest - lowest) // (len(CELLS[size]) - 2)
    percents = [smallest, *range(lowest, highest + 1, step)]
    sizes = [size * percent / 100 for percent in percents] + [size * (percents[-1] + step) / 100]
    rows = []
    for level, (cells, stride) in enumerate(zip(CELLS[size], STEPS[size], strict=True)):
        least, most = sizes[level], sizes[level + 1]
        few = level == 0 or level >= len(CELLS[size]) - 2
        shapes = [(least, least), (np.sqrt(least * most),) * 2]
        for ratio in (2,) if few else (2, 3):
            shapes.append((least * np.sqrt(ratio), least / np.sqrt(ratio)))
            shapes.append((least / np.sqrt(ratio), least * np.sqrt(ratio)))
        for y in range(cells):
            for x in range(cells):
                rows += [((x + 0.5) * stride, (y + 0.5) * stride, w, h) for w, h in shapes]
    return np.array(rows)


def corners(boxes):
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)


def centred(boxes):
    return np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], 1)


def encode(priors, boxes):
    p, b = centred(priors), centred(boxes)
    shift, scale = (b[:, :2] - p[:, :2]) / p[:, 2:], np.log(b[:, 2:] / p[:, 2:])
    return np.concatenate([shift, scale], 1) / VARIANCES


def decode(priors, deltas):
    p, d = centred(priors), deltas * VARIANCES
    return corners(np.concatenate([p[:, :2] + d[:, :2] * p[:, 2:], p[:, 2:] * np.exp(d[:, 2:])], 1))


def overlaps(boxes, priors):
    low = np.maximum(boxes[:, None, :2], priors[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], priors[None, :, 2:])
    shared = (high - low).clip(0).prod(-1)
    areas = [(b[:, 2:] - b[:, :2]).prod(-1) for b in (boxes, priors)]
    return shared / (areas[0][:, None] + areas[1][None] - shared)


def match(priors, boxes):
    """For each prior the object that it has to find, or -1."""
    owner = np.full(len(priors), -1)
    if len(boxes):
        iou = overlaps(boxes, priors)
        owner = np.where(iou.max(0) >= 0.5, iou.argmax(0), -1)
        for number, best in enumerate(iou.argmax(1)):  # each object gets its best prior
            owner[best] = number
    return owner


def multibox_loss(scores, deltas, priors, boxes, labels):
    """Sums of one image: confidence and localisation; and the number of positives."""
    owner = match(priors, boxes)
    positive = owner >= 0
    target = np.full(len(priors), CLASSES)
    target[positive] = labels[owner[positive]]
    shifted = scores - scores.max(1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    entropy = -logp[np.arange(len(priors)), target]
    hardest = np.sort(entropy[~positive])[::-1][: 3 * positive.sum()]
    error = np.abs(deltas[positive] - encode(priors[positive], boxes[owner[positive]]))
    smooth = np.where(error < 1, 0.5 * error**2, error - 0.5)
    return entropy[positive].sum() + hardest.sum(), smooth.sum(), positive.sum()


@pytest.fixture(scope='module', params=[300, 512])
def head(request):
    with DefaultScope.overwrite_default_scope('mmholdout'):
        model = load(CONFIGS / f'ssd{request.param}_voc.py').cfg['model']
        cfg = dict(model['bbox_head'], train_cfg=model['train_cfg'], test_cfg=model['test_cfg'])
        built = MODELS.build(ConfigDict(cfg))
    built.size = request.param
    return built


def priors_of(head):
    grids = [(cells, cells) for cells in CELLS[head.size]]
    return torch.cat(head.prior_generator.grid_priors(grids, device='cpu')).double().numpy()


def truth(size, count, seed):
    rng = np.random.default_rng(seed)
    boxes = corners(
        np.concatenate([rng.uniform(0.1, 0.9, (count, 2)), rng.uniform(0.05, 0.5, (count, 2))], 1)
        * size
    ).clip(0, size)
    return boxes.astype(np.float32).astype(float), rng.integers(0, CLASSES, count)


def test_the_priors_are_the_papers(head):
    expected = paper_priors(head.size)
    assert len(expected) == {300: 8732, 512: 24564}[head.size]
    np.testing.assert_allclose(centred(priors_of(head)), expected, rtol=0, atol=2e-4)


def test_what_rounding_would_do_to_the_priors_of_512():
    """Why the sizes are written out: mmdet's own rounds them down to whole pixels."""
    rounded = TASK_UTILS.build(
        dict(
            type='mmdet.SSDAnchorGenerator',
            scale_major=False,
            input_size=512,
            basesize_ratio_range=(0.15, 0.9),
            strides=STEPS[512],
            ratios=[[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
        )
    )
    assert rounded.base_sizes == [35, 76, 153, 230, 307, 384, 460]


@pytest.mark.parametrize('seed', range(5))
def test_coding(head, seed):
    priors = priors_of(head)[:: 97 if head.size == 300 else 271]
    boxes, _ = truth(head.size, len(priors), seed)
    p, b = torch.tensor(priors, dtype=torch.float32), torch.tensor(boxes, dtype=torch.float32)
    deltas = head.bbox_coder.encode(p, b)
    np.testing.assert_allclose(deltas.numpy(), encode(priors, boxes), rtol=1e-4, atol=1e-3)
    near = torch.randn(len(priors), 4, generator=torch.Generator().manual_seed(seed))
    decoded = decode(priors, near.double().numpy())
    np.testing.assert_allclose(head.bbox_coder.decode(p, near).numpy(), decoded, atol=1e-3)
    clipped = head.bbox_coder.decode(p, near, max_shape=(head.size, head.size)).numpy()
    np.testing.assert_allclose(clipped, decoded.clip(0, head.size), atol=1e-3)


@pytest.mark.parametrize('count', [0, 1, 2, 7, 40])
def test_matching(head, count):
    priors = priors_of(head)
    boxes, labels = truth(head.size, count, seed=count)
    given = InstanceData(
        bboxes=torch.tensor(boxes, dtype=torch.float32), labels=torch.tensor(labels)
    )
    found = head.assigner.assign(
        InstanceData(priors=torch.tensor(priors, dtype=torch.float32)), given
    ).gt_inds.numpy()
    np.testing.assert_array_equal(found - 1, match(priors, boxes))
    assert count == 0 or (found > 0).sum() >= 1


@pytest.mark.parametrize('counts', [(3, 0, 8), (0,), (0, 0), (1,), (25, 2, 0, 1)])
def test_multibox_loss(head, counts):
    generator = torch.Generator().manual_seed(sum(counts))
    channels = zip(head.num_base_priors, CELLS[head.size], strict=True)
    shapes = [(len(counts), per, cells, cells) for per, cells in channels]

    def outputs(width):
        return [
            torch.randn(n, per * width, h, w, generator=generator) * 2 for n, per, h, w in shapes
        ]

    scores, deltas = outputs(CLASSES + 1), outputs(4)
    truths = [truth(head.size, count, seed) for seed, count in enumerate(counts)]
    given = [
        InstanceData(bboxes=torch.tensor(b, dtype=torch.float32), labels=torch.tensor(k))
        for b, k in truths
    ]
    metas = [dict(img_shape=(head.size, head.size), pad_shape=(head.size, head.size))] * len(counts)
    losses = head.loss_by_feat(scores, deltas, given, metas)

    def flat(parts, width):
        rows = [p.permute(0, 2, 3, 1).reshape(len(counts), -1, width) for p in parts]
        return torch.cat(rows, 1).double().numpy()

    sums = [
        multibox_loss(s, d, priors_of(head), boxes, labels)
        for s, d, (boxes, labels) in zip(flat(scores, CLASSES + 1), flat(deltas, 4), truths)
    ]
    divisor = sum(max(positives, 1) for _, _, positives in sums)
    for key, column in (('loss_cls', 0), ('loss_bbox', 1)):
        expected = [row[column] / divisor for row in sums]
        found = [float(value) for value in losses[key]]
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
        assert all((value > 0) == (count > 0) for value, count in zip(found, counts, strict=True))
