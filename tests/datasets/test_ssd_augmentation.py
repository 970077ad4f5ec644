"""Against mmdet's transforms one by one, from the same draws."""

import copy

import cv2
import numpy as np
import pytest
from mmdet.structures.bbox import HorizontalBoxes

import mmholdout.datasets  # noqa: F401 - registers the transforms
from mmholdout.datasets.sample_seed import seeded
from mmholdout.datasets.ssd_augmentation import SSDAugmentation
from mmholdout.errors import ConfigError
from mmholdout.registry import TRANSFORMS
from mmholdout.sample.scene import render

COLOUR = {'type': 'mmdet.PhotoMetricDistortion'}
EXPAND = {'type': 'mmdet.Expand', 'mean': [123.675, 116.28, 103.53], 'to_rgb': True}
CROP = {'type': 'mmdet.MinIoURandomCrop'}
RESIZE = {'type': 'mmdet.Resize', 'scale': (96, 80), 'keep_ratio': False}
FLIP = {
    'type': 'mmdet.RandomFlip',
    'prob': 0.75,
    'direction': ['horizontal', 'vertical', 'diagonal'],
}
CHAINS = {
    'colours first': [COLOUR, EXPAND, CROP, RESIZE, FLIP],
    'colours last': [EXPAND, CROP, RESIZE, FLIP, COLOUR],
    'without zooming out': [CROP, RESIZE, FLIP, COLOUR],
    'without colours': [EXPAND, CROP, RESIZE, FLIP],
    'without cropping': [COLOUR, EXPAND, RESIZE],
}
COUNTS = (0, 1, 1, 2, 4)


def sample(number):
    """A scene; boxes, some of them ignored, that have nothing to do with it."""
    rng = np.random.default_rng(number)
    image = render(rng).image
    height, width = image.shape[:2]
    sides = rng.uniform(0.05, 0.8, (COUNTS[number % len(COUNTS)], 2)) * (width, height)
    corners = rng.uniform(0, 1, sides.shape) * ((width, height) - sides)
    bboxes = np.hstack([corners, corners + sides]).astype(np.float32)
    return {
        'img': image,
        'img_shape': (height, width),
        'ori_shape': (height, width),
        'gt_bboxes': HorizontalBoxes(bboxes),
        'gt_bboxes_labels': rng.integers(0, 20, len(bboxes)),
        'gt_ignore_flags': rng.random(len(bboxes)) < 0.3,
    }


def stepwise(transforms, results):
    for words in transforms:
        results = TRANSFORMS.build(dict(words)).transform(results)
    return results


@pytest.mark.guarantee
@pytest.mark.parametrize('transforms', CHAINS.values(), ids=CHAINS)
def test_as_mmdet_from_the_same_draws(transforms):
    together = SSDAugmentation(transforms)
    errors = []
    for number in range(25):
        with seeded(number):
            theirs = stepwise(transforms, sample(number))
            following = np.random.random()
        with seeded(number):
            ours = together.transform(sample(number))
            assert np.random.random() == following
        assert set(ours) >= set(theirs)
        for key in set(theirs) - {'img'}:
            found, expected = ours[key], theirs[key]
            if key == 'gt_bboxes':
                found, expected = found.tensor.numpy(), expected.tensor.numpy()
                assert found.dtype == np.float32
            np.testing.assert_array_equal(found, expected, err_msg=key)
        assert ours['img'].dtype == theirs['img'].dtype
        errors.append(np.abs(ours['img'].astype(float) - theirs['img']))
    assert np.mean([error.mean() for error in errors]) < 0.05
    assert np.mean([(error < 4).mean() for error in errors]) > 0.999


def test_boxes_as_an_array_stay_one():
    given = sample(3)
    given['gt_bboxes'] = given['gt_bboxes'].tensor.numpy()
    with seeded(0):
        found = SSDAugmentation(CHAINS['colours last']).transform(given)['gt_bboxes']
    with seeded(0):
        boxes = SSDAugmentation(CHAINS['colours last']).transform(sample(3))['gt_bboxes']
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, boxes.tensor.numpy())


def test_what_was_given_is_not_written_to():
    given = sample(2)
    image, boxes = given['img'], given['gt_bboxes'].tensor
    kept = image.copy(), boxes.clone()
    image.setflags(write=False)
    for number in range(10):
        with seeded(number):
            SSDAugmentation(CHAINS['colours first']).transform(dict(given))
    assert (image == kept[0]).all() and (boxes == kept[1]).all()


@pytest.mark.parametrize(
    ('change', 'said'),
    [
        ({'img': None, 'gt_bboxes': None}, ['LoadImageFromFile', 'LoadAnnotations']),
        ({'gt_masks': object()}, ["does not move 'gt_masks'"]),
        ({'img': np.zeros((5, 5, 3), np.float32)}, ['uint8, got float32']),
        ({'img': np.zeros((5, 5), np.uint8)}, ['three channels']),
        ({'gt_bboxes': object()}, ['upright boxes']),
    ],
)
def test_samples_that_it_cannot_take(change, said):
    given = {k: v for k, v in {**sample(1), **change}.items() if v is not None}
    with pytest.raises(ConfigError) as caught:
        SSDAugmentation([RESIZE]).transform(given)
    assert len(caught.value.problems) == len(said)
    assert all(words in str(caught.value) for words in said)


class TestDecodeScale:
    TRANSFORMS = [dict(EXPAND, prob=1.0), dict(RESIZE, scale=(60, 60)), FLIP]

    def given(self, tmp_path):
        rng = np.random.default_rng(0)
        tiles = [cv2.resize(render(rng).image, (160, 120)) for _ in range(4)]
        path = tmp_path / 'a.jpg'
        cv2.imwrite(str(path), np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:])]))
        boxes = HorizontalBoxes(np.array([[20, 30, 200, 220]], np.float32))
        return {'img_path': str(path), 'height': 240, 'width': 320, 'gt_bboxes': boxes}

    def test_the_same_boxes_and_nearly_the_same_picture(self, tmp_path):
        given = self.given(tmp_path)
        read = {'type': 'LoadImageFromFile'}
        for number in range(10):
            with seeded(number):
                whole = stepwise([read, *self.TRANSFORMS], copy.deepcopy(given))
            with seeded(number):
                reduced = SSDAugmentation(self.TRANSFORMS, decode_scale=True).transform(dict(given))
            assert reduced['ori_shape'] == (240, 320)
            for key in ('img_shape', 'scale_factor', 'flip_direction'):
                assert reduced[key] == whole[key]
            assert (reduced['gt_bboxes'].tensor == whole['gt_bboxes'].tensor).all()
            # Nearly: smoothed both, they agree.
            pair = [cv2.blur(one['img'].astype(np.float32), (5, 5)) for one in (reduced, whole)]
            assert np.abs(pair[0] - pair[1]).mean() < 4

    def test_an_image_that_was_read_already_is_refused(self, tmp_path):
        given = self.given(tmp_path) | {'img': np.zeros((240, 320, 3), np.uint8)}
        with pytest.raises(ConfigError, match='leave out what reads it'):
            SSDAugmentation(self.TRANSFORMS, decode_scale=True).transform(given)
