import numpy as np
import pytest

from mmholdout.datasets.seeded import SeededDataset
from mmholdout.priors.frames import Frames
from mmholdout.priors.no_fit import NoFitError
from mmholdout.runner.prior_boxes import through, training_boxes

PLAIN = [
    {'type': 'LoadImageFromFile'},
    {'type': 'mmdet.LoadAnnotations', 'with_bbox': True},
    {'type': 'Resize', 'scale': (64, 32), 'keep_ratio': False},
    {'type': 'PackDetInputs'},
]


class Images:
    """Two images, three boxes that count, one that is ignored and one without area."""

    metainfo = {'classes': ('a', 'b')}

    def __len__(self):
        return 2

    def get_data_info(self, index):
        def one(bbox, label, ignored=0):
            return {'bbox': bbox, 'bbox_label': label, 'ignore_flag': ignored}

        first = [one([0, 0, 10, 20], 1), one([0, 0, 9, 9], 0, 1), one([5, 5, 5, 9], 0)]
        second = [one([100, 50, 200, 100], 0), one([0, 0, 200, 100], 1)]
        return [
            {'width': 100, 'height': 100, 'instances': first},
            {'width': 200, 'height': 100, 'instances': second},
        ][index]


def test_boxes_are_resized_each_by_its_image():
    boxes = training_boxes(Images(), PLAIN, {})
    expected = [[0, 0, 6.4, 6.4], [32, 16, 64, 32], [0, 0, 64, 32]]
    np.testing.assert_allclose(boxes.bboxes, expected)
    assert boxes.labels.tolist() == [1, 0, 1]
    assert boxes.images.tolist() == boxes.padded.tolist() == [[64, 32]] * 3
    assert boxes.classes == ('a', 'b')


def test_the_preprocessor_pads():
    keep = [{'type': 'Resize', 'scale': (80, 50), 'keep_ratio': True}]
    boxes = training_boxes(Images(), keep, {'data_preprocessor': {'pad_size_divisor': 32}})
    assert boxes.images.tolist() == [[50, 50], [80, 40], [80, 40]]
    assert boxes.padded.tolist() == [[64, 64], [96, 64], [96, 64]]


def test_wrappers_are_looked_through_and_repeats_not_counted():
    class Repeated:
        dataset, metainfo = Images(), Images.metainfo

        def __len__(self):
            return 20

    class Both:
        datasets, metainfo = [Images(), Repeated()], Images.metainfo

    assert len(training_boxes(SeededDataset(Both(), 0), PLAIN, {}).labels) == 6


def test_a_set_without_objects():
    class Empty(Images):
        def get_data_info(self, index):
            return {'width': 10, 'height': 10, 'instances': []}

    assert len(training_boxes(Empty(), PLAIN, {}).labels) == 0


@pytest.mark.parametrize(
    ('step', 'size'),
    [
        ({'type': 'Resize', 'scale': 50}, (50, 50)),
        ({'type': 'mmdet.Resize', 'scale': (64, 40), 'keep_ratio': True}, (64, 32)),
        ({'type': 'Resize', 'scale_factor': 0.5}, (50, 25)),
        ({'type': 'Resize', 'scale_factor': (0.5, 2.0)}, (50, 100)),
        ({'type': 'FixShapeResize', 'width': 70, 'height': 30}, (70, 30)),
        ({'type': 'Pad', 'size': (120, 40)}, (120, 50)),
        ({'type': 'Pad', 'size_divisor': 32}, (128, 64)),
        ({'type': 'Normalize', 'mean': [0], 'std': [1]}, (100, 50)),
    ],
)
def test_what_a_transform_does_to_the_size(step, size):
    frames = through(Frames.of(np.array([[100, 50]])), [step])
    assert tuple(frames.image[0]) == size


@pytest.mark.parametrize('step', [{'type': 'RandomCrop'}, {'type': 'Mine'}, {'type': dict}])
def test_an_unknown_transform_gives_no_number(step):
    with pytest.raises(
        NoFitError, match=r'^not computed: the val pipeline has (RandomC|Mine|dict)'
    ):
        through(Frames.of(np.array([[100, 50]])), [step])


def test_a_resize_without_a_scale_gives_no_number():
    with pytest.raises(NoFitError, match='names no scale'):
        through(Frames.of(np.array([[100, 50]])), [{'type': 'Resize'}])


def test_a_set_without_sizes_gives_no_number():
    class Sizeless(Images):
        def get_data_info(self, index):
            return {'instances': []}

    with pytest.raises(NoFitError, match='does not say the size'):
        training_boxes(Sizeless(), PLAIN, {})
    with pytest.raises(NoFitError, match='list does not give the annotations'):
        training_boxes([1], PLAIN, {})
