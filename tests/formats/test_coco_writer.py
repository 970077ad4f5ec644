import json

from hypothesis import given

from mmholdout.formats.coco_file import read_coco
from mmholdout.formats.coco_writer import COCOWriter
from mmholdout.formats.records import Collection
from mmholdout.formats.records import Picture as _Picture


def test_a_file_as_pycocotools_wants_it(made, tmp_path):
    thing = made.thing(1.0, 2.0, 4.5, 6.0, label=1, marks={'difficult', 'truncated', 'pose'})
    ((name, text),) = COCOWriter().files(made.collection(thing))
    assert name == 'annotations/train.json'
    content = json.loads(text)
    assert content['categories'] == [{'id': 1, 'name': 'cat'}, {'id': 2, 'name': 'dog'}]
    assert content['images'] == [{'id': 1, 'file_name': 'a.jpg', 'width': 64, 'height': 48}]
    assert content['annotations'] == [
        {
            'id': 1, 'image_id': 1, 'category_id': 2, 'bbox': [1, 2, 3.5, 4], 'area': 14,
            'iscrowd': 0, 'ignore': 1, 'difficult': 1, 'truncated': 1,
        }
    ]  # fmt: skip
    from pycocotools.coco import COCO

    (tmp_path / 'a.json').write_text(text)
    assert len(COCO(str(tmp_path / 'a.json')).getAnnIds()) == 1


def test_what_is_said(made):
    writer = COCOWriter()
    thing = made.thing(1, 2, 4, 6, marks={'difficult', 'pose'})
    lost, said = writer.losses(made.collection(thing))
    assert lost == 'pose: 1 objects' and 'difficult: 1 objects, written as ignore 1' in said
    assert writer.losses(made.collection()) == []
    assert 'not rounded' in writer.rounding(made.collection())
    assert writer.image_place('val', 'x/a.jpg') == 'val/x/a.jpg'


def test_round_trip(made, tmp_path):
    @given(made.pictures(whole=False))
    def check(picture):
        collection = Collection(('cat', 'dog'), {'val': [picture]})
        ((_, text),) = COCOWriter().files(collection)
        (tmp_path / 'a.json').write_text(text)
        found = read_coco(tmp_path / 'a.json')
        assert found.found.problems == found.found.notices == {}
        (image,) = found.images
        assert _Picture(image.name, *image.size) == _Picture('a.jpg', picture.width, picture.height)
        assert found.categories == collection.classes
        for thing, read in zip(picture.things, image.objects, strict=True):
            assert read.category == collection.classes[thing.label]
            assert read.marks == thing.marks
            assert all(abs(a - b) < 1e-9 for a, b in zip(read.box, thing.box))

    check()
