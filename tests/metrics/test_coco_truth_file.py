from __future__ import annotations

import json

import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.coco_truth_file import read_truth


def content(**changes):
    return {
        'info': {'anything': 1},
        'images': [{'id': 9, 'file_name': 'i.jpg', 'width': 4}, {'id': 10}, {'id': 2}],
        'categories': [{'id': 17, 'name': 'cat'}, {'id': 3, 'name': 'car'}],
        'annotations': [{'id': 1, 'image_id': 9, 'category_id': 17, 'bbox': [1, 1, 2, 2]}],
        **changes,
    }


@pytest.fixture
def read(tmp_path):
    def write_and_read(value):
        path = tmp_path / 'gt.json'
        path.write_text(json.dumps(value))
        return read_truth(path)

    return write_and_read


def test_sorted_by_id(read):
    truth = read(content())
    assert truth.image_ids == (2, 9, 10) and truth.file_names == (None, 'i.jpg', None)
    assert truth.category_ids == (3, 17) and truth.classes == ('car', 'cat')
    assert truth.objects.images.tolist() == [1] and truth.objects.labels.tolist() == [1]


def test_text_ids_sort_as_texts(read):
    images = [{'id': text} for text in ('9', '10', 'a')]
    assert read(content(images=images, annotations=[])).image_ids == ('10', '9', 'a')


@pytest.mark.parametrize(
    ('changes', 'sentence'),
    [
        ({'images': []}, 'images is empty'),
        ({'categories': []}, 'categories is empty'),
        ({'images': None}, 'images is None; a list is needed'),
        ({'annotations': {}}, 'annotations is {}; a list is needed'),
        ({'categories': 3}, 'categories is 3; a list is needed'),
        ({'images': [{'id': 9, 'file_name': 'a'}, {'id': 9, 'file_name': 'b'}]}, "'a' and 'b'"),
        ({'images': [{'id': 9}, {'id': 1.5, 'file_name': 'b'}]}, "images[1] ('b') has id 1.5"),
        ({'images': [{'id': 9}, {'id': 'x'}]}, 'some image ids are numbers and others texts'),
        ({'images': [{'id': 9}, 4]}, 'images[1] is 4'),
        ({'categories': [{'id': 17, 'name': 'a'}, 4]}, 'categories[1] is 4'),
        ({'categories': [{'id': 17, 'name': 'a'}, {'id': 17, 'name': 'b'}]}, 'have the id 17'),
        ({'categories': [{'id': 17, 'name': 'a'}, {'id': 3, 'name': 'a'}]}, "the name 'a'"),
        ({'categories': [{'id': 17, 'name': 'a'}, {'id': 3}]}, 'category 3 has name None'),
        ({'categories': [{'id': 17, 'name': 'a'}, {'id': '3', 'name': 'b'}]}, "has id '3'"),
    ],
)
def test_each_defect(read, changes, sentence):
    with pytest.raises(DataError) as error:
        read(content(**changes))
    assert sentence in str(error.value)


def test_all_at_once(read):
    with pytest.raises(DataError) as error:
        read(
            content(
                images=[{'id': 9}, {'id': 9}],
                categories=[{'id': 17, 'name': 4}],
                annotations=[{'id': 1, 'image_id': 8, 'category_id': 5, 'bbox': 'b'}],
            )
        )
    assert len(error.value.problems) == 5
    assert all('gt.json: ' in problem for problem in error.value.problems)


def test_predictions_in_its_place(read):
    with pytest.raises(DataError, match='PREDICTIONS comes first'):
        read([{'image_id': 1}])
