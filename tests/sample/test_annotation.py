import defusedxml.ElementTree
import numpy as np

from mmholdout.sample.annotation import annotation_xml
from mmholdout.sample.scene import Part, Scene

IMAGE = np.zeros((120, 160, 3), np.uint8)


def parsed(*parts, name='a.jpg'):
    return defusedxml.ElementTree.fromstring(annotation_xml(name, Scene(IMAGE, parts)))


def test_pixels_are_counted_from_one():
    root = parsed(Part('nut', (0, 10, 159, 119), difficult=False, truncated=True))
    box = {side.tag: side.text for side in root.find('object/bndbox')}
    assert box == {'xmin': '1', 'ymin': '11', 'xmax': '160', 'ymax': '120'}


def test_fields_of_an_object():
    root = parsed(
        Part('nut', (1, 2, 3, 4), difficult=False, truncated=True),
        Part('screw', (1, 2, 3, 4), difficult=True, truncated=False),
    )
    fields = [
        tuple(item.findtext(tag) for tag in ('name', 'difficult', 'truncated'))
        for item in root.findall('object')
    ]
    assert fields == [('nut', '0', '1'), ('screw', '1', '0')]


def test_size_is_width_then_height():
    size = parsed().find('size')
    assert [(item.tag, item.text) for item in size] == [
        ('width', '160'),
        ('height', '120'),
        ('depth', '3'),
    ]


def test_a_scene_without_parts_is_a_valid_annotation():
    assert parsed().findall('object') == []


def test_text_is_escaped():
    assert parsed(name='a & <b>.jpg').findtext('filename') == 'a & <b>.jpg'
