from hypothesis import given

from mmholdout.formats.found import Found
from mmholdout.formats.records import Collection, Picture
from mmholdout.formats.yolo_images import images_of
from mmholdout.formats.yolo_labels import read_labels
from mmholdout.formats.yolo_writer import YOLOWriter
from mmholdout.formats.yolo_yaml import read_yolo_yaml


def test_files(made):
    files = dict(YOLOWriter().files(made.collection(made.thing(16, 12, 48, 36, label=1))))
    assert files == {
        'data.yaml': 'train: images/train\nnames:\n  0: cat\n  1: dog\n',
        'labels/train/a.txt': '1 0.5 0.5 0.5 0.5\n',
    }
    assert YOLOWriter().image_place('train', 'a.jpg') == 'images/train/a.jpg'


def test_an_image_without_objects_has_an_empty_file(made):
    assert dict(YOLOWriter().files(made.collection()))['labels/train/a.txt'] == ''


def test_the_order_of_images_and_of_classes_stays(tmp_path):
    pictures = [Picture(name, 2, 2) for name in ('b.jpg', 'sub/a.jpg', 'a.jpg')]
    names = ('no', '3', 'cat: 1', 'é')
    for name, text in YOLOWriter().files(Collection(names, {'val': pictures})):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding='utf-8')
    data = read_yolo_yaml(tmp_path / 'data.yaml')
    assert data.names == names
    found = images_of(data.splits['val'], data.base, Found())
    assert [path.relative_to(tmp_path / 'images/val').as_posix() for path in found] == [
        p.name for p in pictures
    ]


def test_what_is_lost(made):
    marks = [{'difficult'}, {'difficult', 'truncated'}, {'crowd'}]
    things = [made.thing(1, 1, 9, 9, marks=m) for m in marks]
    ordinary = 'which become ordinary ones (or --drop-ignored)'
    assert YOLOWriter().losses(made.collection(*things)) == [
        f'difficult: 2 objects, {ordinary}',
        f'crowd: 1 objects, {ordinary}',
        'truncated: 1 objects',
    ]
    assert '12 decimals' in YOLOWriter().rounding(made.collection())


def test_round_trip(made, tmp_path):
    """Whole pixels come back to the last bit, others within a millionth of a pixel."""

    def check(picture, most):
        files = dict(YOLOWriter().files(Collection(('cat', 'dog'), {'val': [picture]})))
        (tmp_path / 'a.txt').write_text(files['labels/val/a.txt'])
        for thing, read in zip(picture.things, read_labels(tmp_path / 'a.txt'), strict=True):
            assert read.label == thing.label and not read.outline
            box = read.box(picture.width, picture.height)
            assert all(abs(a - b) <= most for a, b in zip(box, thing.box))

    given(made.pictures())(lambda picture: check(picture, 0))()
    # within six decimals of a share of a border, a box is on it
    far = given(made.pictures(whole=False))
    far(lambda picture: check(picture, 1e-6 * max(picture.width, picture.height)))()
