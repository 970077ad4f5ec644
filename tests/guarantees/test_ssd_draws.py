"""SSDAugmentation beside mmdet's chain, thousands of times."""

import numpy as np
import pytest

import mmholdout.datasets  # noqa: F401 - registers the transforms
from mmholdout.datasets.crop_decision import decide_crop
from mmholdout.datasets.sample_seed import seeded
from mmholdout.datasets.ssd_augmentation import SSDAugmentation
from mmholdout.registry import TRANSFORMS
from mmholdout.sample.scene import render

CHAIN = [
    {'type': 'mmdet.PhotoMetricDistortion'},
    {'type': 'mmdet.Expand', 'mean': [123.675, 116.28, 103.53], 'to_rgb': True},
    {'type': 'mmdet.MinIoURandomCrop'},
    {'type': 'mmdet.Resize', 'scale': (96, 96), 'keep_ratio': False},
    {'type': 'mmdet.RandomFlip', 'prob': 0.5},
]
SIZE = (128, 96)


def boxes_of(rng, width, height, most=3):
    sides = rng.uniform(0.2, 0.9, (rng.integers(0, most + 1), 2)) * (width, height)
    corners = rng.uniform(0, 1, sides.shape) * ((width, height) - sides)
    return np.hstack([corners, corners + sides]).astype(np.float32)


@pytest.mark.guarantee
@pytest.mark.long
def test_ten_thousand_crops_are_mmdets():
    """Equal one by one, and therefore in distribution; the shares are those of the paper."""
    stock, crops = (
        TRANSFORMS.build({'type': 'mmdet.MinIoURandomCrop', 'bbox_clip_border': False}),
        [],
    )
    for seed in range(10_000):
        bboxes = boxes_of(np.random.default_rng(seed), *SIZE)
        results = {'img': np.zeros((*SIZE[::-1], 1), np.uint8)}
        results |= {'gt_bboxes': bboxes.copy()}
        results |= {'gt_bboxes_labels': np.arange(len(bboxes))}
        with seeded(seed):
            decided = decide_crop(*SIZE, bboxes, stock.sample_mode, stock.min_crop_size)
        with seeded(seed):
            theirs = stock.transform(results)
        patch, inside = decided or ((0, 0, *SIZE), np.ones(len(bboxes), bool))
        x1, y1, x2, y2 = patch
        assert (y2 - y1, x2 - x1) == theirs['img'].shape[:2], seed
        assert np.flatnonzero(inside).tolist() == theirs['gt_bboxes_labels'].tolist(), seed
        moved = bboxes[inside] - np.array([x1, y1, x1, y1], np.float32)
        assert (moved == theirs['gt_bboxes']).all(), seed
        crops.append((decided is None, (x2 - x1) * (y2 - y1) / (SIZE[0] * SIZE[1])))
    whole, areas = np.array(crops).T
    assert 1 / 7 < whole.mean() < 0.4
    assert 0.3**2 <= areas.min() < 0.15 and areas.max() == 1


@pytest.mark.guarantee
@pytest.mark.long
def test_two_thousand_samples_are_mmdets():
    together, steps = SSDAugmentation(CHAIN), [TRANSFORMS.build(dict(words)) for words in CHAIN]
    images = [render(np.random.default_rng(number)).image for number in range(50)]
    means, shares = [], []
    for seed in range(2000):
        rng = np.random.default_rng(seed)
        image = images[seed % len(images)]
        bboxes = boxes_of(rng, *image.shape[1::-1])
        made = []
        for transforms in (steps, [together]):
            results = {
                'img': image,
                'img_shape': image.shape[:2],
                'gt_bboxes': bboxes.copy(),
                'gt_bboxes_labels': np.arange(len(bboxes)),
                'gt_ignore_flags': np.arange(len(bboxes)) % 3 == 1,
            }
            with seeded(seed):
                for transform in transforms:
                    results = transform.transform(results)
                results['following'] = np.random.random()
            made.append(results)
        theirs, ours = made
        assert ours['following'] == theirs['following'], seed
        assert (ours['gt_bboxes'] == theirs['gt_bboxes']).all(), seed
        for key in ('gt_bboxes_labels', 'gt_ignore_flags'):
            np.testing.assert_array_equal(ours[key], theirs[key], err_msg=str(seed))
        error = np.abs(ours['img'] - theirs['img'])
        means.append(error.mean())
        shares.append((error < 4).mean())
    assert np.mean(means) < 0.2
    assert np.mean(shares) > 0.999
