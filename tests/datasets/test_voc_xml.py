from dataclasses import replace

import pytest

from mmholdout.datasets import voc_xml
from mmholdout.datasets.voc_xml import VOCObject, read_annotation
from mmholdout.errors import DataError

BOX = '<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox>'
RED = VOCObject('red', (1, 2, 3, 4), difficult=False)


@pytest.fixture
def read(tmp_path):
    def _read(body, whole=False):
        path = tmp_path / 'a.xml'
        text = body if whole else f'<annotation>{body}</annotation>'
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_annotation(path)

    return _read


@pytest.mark.parametrize(
    'body',
    [
        f'<name>red</name>{BOX}',
        f'{BOX}<name>\n red </name>',
        '<name>red</name><bndbox><xmin>1</xmin><xmax>3</xmax><ymin>2</ymin><ymax>4</ymax></bndbox>',
        '<name>red</name><bndbox><ymax>4</ymax><xmax>3</xmax><ymin>2</ymin><xmin>1</xmin></bndbox>',
        f'<owner><name>Bob</name></owner><name>red</name>{BOX}',
        f'<part><name>head</name><bndbox><xmin>9</xmin></bndbox></part><name>red</name>{BOX}',
        f'<name>red</name><difficult>Unspecified</difficult>{BOX}',
        f'<name>red</name><difficult/>{BOX}',
        f'<name>red</name><pose/><truncated>x</truncated>{BOX}',
    ],
)
def test_fields_are_read_by_tag_from_the_object_itself(read, body):
    (found,) = read(f'<object>{body}</object>').objects
    assert replace(found, marks=frozenset()) == RED


@pytest.mark.parametrize(
    ('body', 'marks'),
    [
        ('<truncated>1</truncated><occluded>0</occluded><pose>Unspecified</pose>', {'truncated'}),
        ('<occluded> 1 </occluded><crowd>1</crowd>', {'occluded', 'crowd'}),
        ('<pose>Left</pose><part><name>head</name></part>', {'pose', 'part'}),
    ],
)
def test_what_else_is_said_of_an_object(read, body, marks):
    (found,) = read(f'<object><name>red</name>{BOX}{body}</object>').objects
    assert found.marks == marks


def test_order_floats_and_difficult(read):
    second = (
        '<object><name>b</name><difficult>1</difficult><bndbox><xmin>1.5</xmin><ymin>-2</ymin>'
        '<xmax>nan</xmax><ymax>1e3</ymax></bndbox></object>'
    )
    first, last = read(f'<object><name>red</name>{BOX}</object>{second}').objects
    assert first == RED
    assert (last.name, last.difficult, last.box[:2], last.box[3]) == ('b', True, (1.5, -2), 1000)


@pytest.mark.parametrize(
    ('size', 'expected'),
    [
        ('<size><height>48</height><depth>1</depth><width>64</width></size>', (64, 48)),
        ('<size><width>64.0</width><height>48</height></size>', (64, 48)),
        ('<size><width>0</width><height>0</height></size>', None),
        ('<size><width>64</width></size>', None),
        ('<size><width>x</width><height>inf</height></size>', None),
        ('', None),
    ],
)
def test_size(read, size, expected):
    assert read(size).size == expected
    assert read(size).objects == ()


@pytest.mark.parametrize(
    ('body', 'words'),
    [
        (BOX, 'object 1: <name> is missing'),
        (f'<name> </name>{BOX}', '<name> is missing or empty'),
        (f'<owner><name>Bob</name></owner>{BOX}', '<name> is missing'),
        ('<name>red</name>', "'red' has no <bndbox>"),
        ('<name>red</name><polygon/>', "'red' has no <bndbox>"),
        (f'<name>red</name>{BOX}{BOX}', "'red' has 2 <bndbox>"),
        ('<name>red</name><bndbox><xmin>1</xmin></bndbox>', 'without <ymin>'),
        (f'<name>red</name>{BOX.replace(">3<", ">3,5<")}', '<xmax>3,5</xmax>, no number'),
        (f'<name>red</name>{BOX.replace(">3<", "><")}', '<xmax></xmax>, no number'),
        (f'<name>red</name><difficult>2</difficult>{BOX}', '<difficult>2</difficult>'),
    ],
)
def test_errors_name_file_and_field(read, body, words):
    with pytest.raises(DataError) as caught:
        read(f'<object>{body}</object>')
    assert 'a.xml' in str(caught.value) and words in str(caught.value)


def test_all_problems_of_a_file_at_once(read):
    with pytest.raises(DataError) as caught:
        read(
            '<object/>'
            + f'<object><name>red</name>{BOX}</object>'
            + '<object><name>b</name></object>'
        )
    assert len(caught.value.problems) == 2
    assert 'object 3' in caught.value.problems[1]


BOMB = (
    '<!DOCTYPE annotation [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    '<annotation><object><name>&b;</name></object></annotation>'
)
OUTSIDE = (
    '<!DOCTYPE annotation [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<annotation><object><name>&a;</name></object></annotation>'
)


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        (BOMB, 'refused'),
        (OUTSIDE, 'refused'),
        ('<!DOCTYPE annotation><annotation/>', 'refused'),
        ('<!DOCTYPE a [<!ATTLIST b c CDATA "d">]><annotation><b/></annotation>', 'refused'),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><annotation/>', 'refused'),
        (f'<annotation>{" " * voc_xml.MOST_BYTES}</annotation>', 'larger than 4 MiB'),
        ('<annotation><object>', 'no valid XML'),
        ('', 'no valid XML'),
        ('{"json": 1}', 'no valid XML'),
        (b'<annotation>\xff</annotation>', 'no valid XML'),
        (b'<?xml version="1.0" encoding="nowhere"?><annotation/>', 'no valid XML'),
        ('<annotations/>', '<annotations>, not <annotation>'),
    ],
)
def test_files_that_are_refused(read, text, words):
    with pytest.raises(DataError) as caught:
        read(text, whole=True)
    assert 'a.xml' in str(caught.value) and words in str(caught.value)


def test_what_is_no_file_is_not_read(tmp_path):
    (tmp_path / 'a.xml').mkdir()
    with pytest.raises(DataError, match=r'a\.xml: cannot be read: it is no regular file'):
        read_annotation(tmp_path / 'a.xml')


def test_messages_stay_short(read):
    long = 'x' * 100_000
    for body, words in (
        (f'<object><name>{long}</name>{BOX}</object>', 'has 100000 characters'),
        (f'<object><name>a</name>{BOX.replace(">3<", f">{long}<")}</object>', 'no number'),
        (f'<object><name>a</name>{BOX}<difficult>{long}</difficult></object>', 'neither'),
        ('<object/>' * 1000, 'and 900 objects more'),
    ):
        with pytest.raises(DataError, match=words) as caught:
            read(body)
        assert len(str(caught.value)) < 20_000
    assert len(read(f'<object><name>{long[:255]}</name>{BOX}</object>').objects) == 1


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match=r'b\.xml: cannot be read'):
        read_annotation(tmp_path / 'b.xml')
