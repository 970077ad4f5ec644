import re

import pytest
from hypothesis import given

from mmholdout.formats.records import FLAGS, Collection
from mmholdout.formats.voc_writer import VOCWriter


def corners(text):
    found = re.findall(r'<(?:x|y)(?:min|max)>([^<]*)<', text)
    return [tuple(map(float, found[i : i + 4])) for i in range(0, len(found), 4)]


def test_files(made):
    thing = made.thing(0.0, 2.0, 64.0, 46.4, label=1, marks={'crowd', 'truncated'})
    files = dict(VOCWriter().files(made.collection(thing, name='x/a.jpg')))
    assert files['classes.txt'] == 'cat\ndog\n'
    assert files['ImageSets/Main/train.txt'] == 'x/a\n'
    text = files['Annotations/x/a.xml']
    assert corners(text) == [(1, 3, 64, 46)]
    for tag in ('<difficult>1<', '<crowd>1<', '<truncated>1<', '<name>dog<', '<width>64<'):
        assert tag in text
    assert '<occluded>' not in text and '<xmin>1<' in text
    assert VOCWriter().image_place('train', 'x/a.jpg') == 'JPEGImages/x/a.jpg'


def test_names_are_escaped(made):
    collection = Collection(('a<b&c', 'd'), made.collection(made.thing(0, 0, 9, 9)).splits)
    assert '<name>a&lt;b&amp;c</name>' in dict(VOCWriter().files(collection))['Annotations/a.xml']


@pytest.mark.parametrize(
    ('box', 'fractions', 'read'),
    [
        ((1.0, 2.0, 9.0, 8.0), False, (1, 2, 9, 8)),
        ((1.4, 2.5, 9.5, 8.4), False, (1, 3, 10, 8)),
        ((1.4, 2.5, 9.5, 8.4), True, (1.4, 2.5, 9.5, 8.4)),
        ((1.0, 2.0, 2.0, 8.0), False, None),
        ((1.6, 2.0, 2.4, 8.0), False, None),
        ((1.0, 2.0, 2.5, 8.0), True, (1.0, 2.0, 2.5, 8.0)),
    ],
)
def test_how_a_box_is_read(box, fractions, read):
    found = VOCWriter(fractions=fractions).read_as(box)
    assert found == (None if read is None else pytest.approx(read, abs=1e-12))


def test_what_is_said(made):
    whole = made.collection(made.thing(1.0, 1.0, 9.0, 9.0, marks={'pose', 'difficult'}))
    parts = made.collection(made.thing(1.25, 1.0, 9.0, 9.0), made.thing(1.0, 1.0, 2.0, 9.0))
    assert VOCWriter().losses(whole) == ['pose: 1 objects']
    assert 'one pixel in width or height: 1' in VOCWriter().losses(parts)[0]
    assert 'none is rounded' in VOCWriter().rounding(whole)
    assert '1 rounded, by at most 0.25 px' in VOCWriter().rounding(parts)
    assert 'parts of pixels' in VOCWriter(fractions=True).rounding(parts)


def test_a_box_moves_by_half_a_pixel_at_most_and_stays_inside(made):
    @given(made.pictures(whole=False))
    def check(picture):
        collection = Collection(('cat', 'dog'), {'val': [picture]})
        text = dict(VOCWriter().files(collection))['Annotations/a.xml']
        for thing, (x1, y1, x2, y2) in zip(picture.things, corners(text), strict=True):
            moved = (x1 - 1, y1 - 1, x2, y2)
            assert all(abs(a - b) <= 0.5 for a, b in zip(moved, thing.box))
            assert 1 <= x1 < x2 <= picture.width and 1 <= y1 < y2 <= picture.height
        for flag in FLAGS[1:]:
            assert text.count(f'<{flag}>1<') == sum(flag in t.marks for t in picture.things)

    check()
