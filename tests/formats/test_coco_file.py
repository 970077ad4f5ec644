import json

import pytest

from mmholdout.errors import DataError
from mmholdout.formats.coco_file import COCOImage, read_coco, read_images


def annotation(**words):
    return {'id': 1, 'image_id': 7, 'category_id': 3, 'bbox': [1, 2, 3, 4]} | words


def content(**words):
    return {
        'images': [{'id': 7, 'file_name': 'a.jpg', 'width': 64, 'height': 48}],
        'categories': [{'id': 3, 'name': 'cat'}, {'id': 1, 'name': 'dog'}],
        'annotations': [annotation()],
    } | words


@pytest.fixture
def read(tmp_path):
    def _read(**words):
        path = tmp_path / 'a.json'
        path.write_text(json.dumps(content(**words)))
        return read_coco(path)

    return _read


def test_a_sound_file(read):
    found = read()
    assert found.found.problems == found.found.notices == {}
    assert found.categories == ('dog', 'cat')
    (image,) = found.images
    assert (image.number, image.name, image.size) == (7, 'a.jpg', (64, 48))
    (thing,) = image.objects
    assert (thing.category, thing.box, thing.marks) == ('cat', (1, 2, 4, 6), frozenset())


@pytest.mark.parametrize(
    ('words', 'marks'),
    [
        ({'iscrowd': 1}, {'crowd'}),
        ({'ignore': 1}, {'difficult'}),
        (
            {'iscrowd': 0, 'ignore': 0, 'difficult': True, 'truncated': 1},
            {'difficult', 'truncated'},
        ),
        ({'segmentation': [[1, 2, 3]], 'keypoints': []}, {'segmentation'}),
        ({'area': 12}, set()),
        ({'area': 7.5}, {'area'}),
        ({'score': 0.5}, {'score'}),
    ],
)
def test_what_else_is_said_of_an_object(read, words, marks):
    assert read(annotations=[annotation(**words)]).images[0].objects[0].marks == marks


IMAGE = {'id': 8, 'file_name': 'b.jpg', 'width': 1, 'height': 1}
PROBLEMS = [
    ('images', [IMAGE, IMAGE | {'file_name': 'c.jpg'}], 'image ids used twice', "8: 'b.jpg'"),
    ('images', [IMAGE, IMAGE | {'id': 9}], 'images listed twice', "'b.jpg': ids 8 and 9"),
    ('images', [{'id': 8}], 'images without an id or a file_name', 'images[0] is'),
    ('images', [{'file_name': 'x.jpg'}], 'images without an id or a file_name', 'x.jpg'),
    ('images', [IMAGE | {'id': True}], 'images without an id or a file_name', 'True'),
    ('images', ['a.jpg'], 'images without an id or a file_name', "images[0] is 'a.jpg'"),
    ('images', [IMAGE | {'file_name': '../b.jpg'}], 'lead out of the folder', "'../b.jpg'"),
    ('images', [IMAGE | {'file_name': 'x/../../b.jpg'}], 'lead out of the folder', 'b.jpg'),
    ('images', [IMAGE | {'file_name': '/b.jpg'}], 'lead out of the folder', "'/b.jpg'"),
    ('images', [IMAGE | {'file_name': 'C:\\b.jpg'}], 'lead out of the folder', 'b.jpg'),
    ('categories', [{'id': 3, 'name': 'a'}, {'id': 3, 'name': 'b'}], 'category ids used', "3: 'a'"),
    ('categories', [{'id': '3', 'name': 'a'}], 'without a whole id or a name', "'3'"),
    ('categories', [{'id': 3, 'name': ' '}], 'without a whole id or a name', 'categories[0]'),
    ('annotations', [annotation(image_id=5)], 'images that the file does not list', 'image 5'),
    ('annotations', [annotation(image_id=[5])], 'images that the file does not list', '[5]'),
    ('annotations', [annotation(category_id=9)], 'categories that the file does not', 'y 9'),
    ('annotations', [annotation(category_id=None)], 'categories that the file does', 'None'),
    ('annotations', [annotation(bbox=[1, 2, 3])], 'not four numbers', '[1, 2, 3]'),
    ('annotations', [annotation(bbox=['1', 2, 3, 4])], 'not four numbers', "'1'"),
    ('annotations', [annotation(bbox=[True, 2, 3, 4])], 'not four numbers', 'True'),
    ('annotations', [annotation(bbox=None)], 'not four numbers', 'None'),
    ('annotations', [annotation(iscrowd=2)], 'neither 0 nor 1', "'a.jpg'"),
    ('annotations', [annotation(ignore='no')], 'neither 0 nor 1', "'a.jpg'"),
    ('annotations', [3], 'annotations that are no objects', 'annotations[0]'),
]


@pytest.mark.parametrize(('part', 'entries', 'kind', 'example'), PROBLEMS)
def test_problems_of_entries_name_them(read, part, entries, kind, example):
    problems = read(**{part: entries}).found.problems
    (found,) = [one for one in problems if kind in one]
    assert example in problems[found][0]


def test_all_problems_are_found_at_once(read):
    every = [annotation(image_id=5), annotation(bbox=0), annotation(category_id=0), annotation()]
    found = read(annotations=every)
    assert len(found.found.problems) == 3 and len(found.images[0].objects) == 1


def test_what_is_mended_is_told(read):
    found = read(
        images=[{'id': 7, 'file_name': 'x\\a.jpg'}],
        annotations=[annotation(), annotation(), annotation(id=None)],
        categories=[{'id': 3, 'name': 'cat'}, {'id': 4, 'name': 'cat '}],
    )
    assert found.found.problems == {} and len(found.found.notices) == 4
    assert found.images[0].name == 'x/a.jpg' and found.images[0].size is None
    assert len(found.images[0].objects) == 3 and found.categories == ('cat',)


def test_nan_is_a_number_and_left_to_the_check_of_boxes(read):
    (thing,) = read(annotations=[annotation(bbox=[float('nan'), 2, 3, 4])]).images[0].objects
    assert thing.box[0] != thing.box[0]


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('[]', 'holds []; COCO annotations are an object'),
        ('{', 'no valid JSON'),
        ('{"images": [], "annotations": {}}', 'annotations is an object with 0 keys'),
        ('{"images": [], "annotations": {}}', 'categories is missing'),
        (b'\xff\xfe\x00', 'no valid JSON'),
        ('[' * 100_000, 'no valid JSON'),
    ],
)
def test_files_that_are_something_else(tmp_path, text, said):
    path = tmp_path / 'a.json'
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DataError) as caught:
        read_coco(path)
    assert said in str(caught.value) and str(path) in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match='cannot read'):
        read_coco(tmp_path / 'a.json')


def test_images_alone(tmp_path):
    path = tmp_path / 'a.json'
    path.write_text(json.dumps({'images': content()['images'], 'annotations': 'not looked at'}))
    assert read_images(path) == [COCOImage(7, 'a.jpg', (64, 48))]
