from __future__ import annotations

import numpy as np
import pytest
from mmengine.dataset import ConcatDataset
from torch.utils.data import Subset

from mmholdout.errors import DataError
from mmholdout.evaluation.ground_truth import read_classes, read_ground_truth


def test_every_image_in_order_with_its_objects(make_dataset, boxes) -> None:
    a, b = boxes
    images = {'x': [(a, 1, 0), (b, 0, 1)], 'empty': [], 7: [(b, 0, 0)]}
    truth = read_ground_truth(make_dataset(images))
    assert list(truth) == ['x', 'empty', 7]
    assert truth['x'].bboxes.tolist() == [a, b]
    assert truth['x'].labels.tolist() == [1, 0]
    assert truth['x'].ignore.tolist() == [False, True]
    assert truth['empty'].bboxes.shape == (0, 4)
    assert truth['x'].bboxes.dtype == np.float32


@pytest.mark.parametrize('nesting', [1, 2])
def test_a_subset_has_the_objects_of_its_images(make_dataset, boxes, nesting) -> None:
    a, b = boxes
    dataset = make_dataset({'x': [(a, 0, 0)], 'y': [], 'z': [(b, 1, 0)]})
    subset = Subset(dataset, [2, 0])
    for _ in range(nesting - 1):
        subset = Subset(subset, [0, 1])
    assert list(read_ground_truth(subset)) == ['z', 'x']
    assert read_classes(subset) == ('cat', 'dog')


def test_mmengine_wrappers(make_dataset, boxes) -> None:
    joined = ConcatDataset([make_dataset({'x': [(boxes[0], 0, 0)]}), make_dataset({'y': []})])
    assert list(read_ground_truth(joined)) == ['x', 'y']
    assert read_classes(joined) == ('cat', 'dog')


def test_an_id_that_occurs_twice(make_dataset) -> None:
    with pytest.raises(DataError, match="'x' occurs twice in a split of 2 images"):
        read_ground_truth(make_dataset([('x', []), ('x', [])]))


def test_a_missing_field_names_image_and_field(make_dataset, boxes, monkeypatch) -> None:
    dataset = make_dataset({'x': [(boxes[0], 0, 0)]})
    info = dataset.get_data_info(0)
    del info['instances'][0]['ignore_flag']
    monkeypatch.setattr(dataset, 'get_data_info', lambda index: info)
    with pytest.raises(DataError, match="'x' has an instance without 'ignore_flag'"):
        read_ground_truth(dataset)


@pytest.mark.parametrize('bbox', [[0, 0, 1], [0, 0, 'wide', 1]])
def test_a_malformed_box_names_the_image(make_dataset, bbox) -> None:
    with pytest.raises(DataError, match="image 'x'"):
        read_ground_truth(make_dataset({'x': [(bbox, 0, 0)]}))


@pytest.mark.parametrize('classes', [(), None])
def test_no_classes(make_dataset, classes) -> None:
    dataset = make_dataset({'x': []})
    dataset._metainfo['classes'] = classes
    with pytest.raises(DataError, match='names no classes'):
        read_classes(dataset)
