import numpy as np
import pytest
from mmdet.datasets.transforms import MinIoURandomCrop as StockCrop
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets.min_iou_crop import MinIoURandomCrop, draw_patches, judge_patches
from mmholdout.datasets.sample_seed import seeded

BBOXES = np.array([[10, 12, 60, 70], [80, 20, 110, 50], [30, 60, 50, 90]], np.float32)


def sample(bboxes=BBOXES):
    return {
        'img': np.arange(96 * 128 * 3, dtype=np.uint8).reshape(96, 128, 3),
        'img_shape': (96, 128),
        'gt_bboxes': HorizontalBoxes(bboxes.copy()),
        'gt_bboxes_labels': np.arange(len(bboxes)),
        'gt_ignore_flags': np.zeros(len(bboxes), bool),
    }


def crops(kind, count):
    transform = kind(min_ious=(0.1, 0.5), min_crop_size=0.3)
    rows = []
    for i in range(count):
        with seeded(i):
            out = transform.transform(sample())
        rows.append((*out['img_shape'], len(out['gt_bboxes'])))
    return np.array(rows, float)


def test_same_distribution_as_mmdets():
    ours, theirs = crops(MinIoURandomCrop, 2000), crops(StockCrop, 150)
    error = np.sqrt(ours.var(axis=0) / len(ours) + theirs.var(axis=0) / len(theirs))
    assert (np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) < 4 * error).all()
    whole = [(rows[:, 0] == 96).mean() for rows in (ours, theirs)]
    assert abs(whole[0] - whole[1]) < 0.15


def test_boxes_move_with_the_pixels():
    for i in range(50):
        with seeded(i):
            before = sample()
            out = MinIoURandomCrop().transform(sample())
        h, w = out['img_shape']
        boxes = out['gt_bboxes'].numpy()
        assert out['img'].shape[:2] == (h, w)
        assert len(boxes) == len(out['gt_bboxes_labels']) == len(out['gt_ignore_flags']) > 0
        assert (boxes >= 0).all() and (boxes <= [w, h, w, h]).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()
        first = out['img'][0, 0]
        assert (before['img'].reshape(-1, 3) == first).all(axis=1).any()


def test_an_image_without_boxes_is_cropped_too():
    sizes = set()
    for i in range(20):
        with seeded(i):
            out = MinIoURandomCrop().transform(sample(np.zeros((0, 4), np.float32)))
        assert len(out['gt_bboxes']) == 0
        sizes.add(out['img_shape'])
    assert len(sizes) > 3


@pytest.mark.parametrize(
    ('patch', 'min_iou', 'valid'),
    [
        ([0, 0, 128, 96], 0.0, True),
        ([0, 0, 128, 96], 0.5, False),  # small boxes have a small IoU with a large patch
        ([0, 0, 0, 0], 0.0, False),
        ([62, 72, 79, 96], 0.0, False),  # holds no centre
    ],
)
def test_judgement(patch, min_iou, valid):
    assert judge_patches(np.array([patch]), BBOXES, min_iou)[0].tolist() == [valid]


def test_patches_stay_inside_and_keep_their_ratio():
    with seeded(0):
        patches = draw_patches(2000, 128, 96, 0.3)
    patches = patches[patches.any(axis=1)]
    sides = patches[:, 2:] - patches[:, :2]
    assert (patches >= 0).all() and (patches[:, 2:] <= [128, 96]).all()
    ratio = sides[:, 1] / sides[:, 0]
    assert ratio.min() > 0.45 and ratio.max() < 2.15
