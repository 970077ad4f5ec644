"""Against mmdet's own transform, draw by draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmdet.datasets.transforms import MinIoURandomCrop as StockCrop
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets.crop_decision import decide_crop
from mmholdout.datasets.sample_seed import seeded

MODES = (1, 0.1, 0.3, 0.5, 0.7, 0.9, 0)


def ours(seed, width, height, bboxes, modes=MODES, least=0.3):
    """Size of the crop, boxes in it, which they were, and the generator's next number."""
    with seeded(seed):
        decided = decide_crop(width, height, bboxes, modes, least)
        following = np.random.random()
    if decided is None:
        return (height, width), bboxes.tolist(), list(range(len(bboxes))), following
    (x1, y1, x2, y2), inside = decided
    moved = bboxes[inside] - np.array([x1, y1, x1, y1], np.float32)
    return (y2 - y1, x2 - x1), moved.tolist(), np.flatnonzero(inside).tolist(), following


def mmdets(seed, width, height, bboxes, modes=MODES, least=0.3):
    transform = StockCrop(min_ious=modes[1:-1], min_crop_size=least, bbox_clip_border=False)
    results = {
        'img': np.zeros((height, width, 1), np.uint8),
        'gt_bboxes': HorizontalBoxes(bboxes.copy()),
        'gt_bboxes_labels': np.arange(len(bboxes)),
    }
    with seeded(seed):
        out = transform.transform(results)
        following = np.random.random()
    boxes, kept = out['gt_bboxes'].numpy().tolist(), out['gt_bboxes_labels'].tolist()
    return out['img'].shape[:2], boxes, kept, following


def drawn_boxes(rng, width, height):
    count = rng.choice([0, 1, 1, 2, 3, 6, 15])
    sides = np.exp(rng.uniform(np.log(5), np.log(min(width, height)), (count, 2)))
    corners = rng.uniform(0, 1, (count, 2)) * ((width, height) - sides)
    return np.hstack([corners, corners + sides]).astype(np.float32)


@pytest.mark.guarantee
def test_the_decision_of_mmdet_from_the_same_draws():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        width, height = (int(side) for side in rng.integers(40, 900, 2))
        case = (seed, width, height, drawn_boxes(rng, width, height))
        assert ours(*case) == mmdets(*case), seed


@pytest.mark.parametrize(
    'bboxes',
    [
        [],
        [[20, 30, 20, 60]],  # no area
        [[60, 60, 20, 30]],  # inverted
        [[0, 0, 120, 90]],  # the whole image
        [[-30, -10, 300, 200]],  # more than it
        [[float('nan')] * 4, [10, 10, 90, 80]],
        [[0, 0, 10, 10], [110, 80, 120, 90]],  # far apart: only the whole image holds both
    ],
)
def test_odd_boxes(bboxes):
    boxes = np.array(bboxes, np.float32).reshape(-1, 4)
    for seed in range(6):
        np.testing.assert_equal(ours(seed, 120, 90, boxes), mmdets(seed, 120, 90, boxes))


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**31),
    sides=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    modes=st.sampled_from(
        [(1, 0), (1, 0.5, 0), (1, 0.1, 0.3, 0.5, 0.7, 0.9, 0), (1, 0.9, 0.95, 0)]
    ),
    least=st.sampled_from([0.1, 0.3, 0.5, 1.0]),
)
def test_other_arguments(seed, sides, modes, least):
    boxes = drawn_boxes(np.random.default_rng(seed), 60, 60)
    case = (seed, *sides, boxes, modes, least)
    assert ours(*case) == mmdets(*case)


def test_a_patch_that_just_reaches_the_iou_is_taken():
    """At the bound the IoU decides, in mmdet's precision: float32 beside a float64 threshold."""
    boxes = np.array([[0, 0, 60, 60]], np.float32)
    taken = 0
    for seed in range(80):
        case = (seed, 60, 60, boxes, (1, 0.9, 0), 0.94)
        assert ours(*case) == mmdets(*case)
        taken += ours(*case)[0] != (60, 60)
    assert taken > 12
