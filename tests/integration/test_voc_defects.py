"""Defects of real VOC-style sets, each made in a small folder and read back as a sample."""

import io

import numpy as np
import pytest
from PIL import Image

import mmholdout.registry  # noqa: F401 - before mmdet: it supplies the compiled operators
from mmholdout.errors import DataError

LOAD = [
    {'type': 'LoadImageFromFile'},
    {'type': 'LoadAnnotations', 'with_bbox': True},
    {'type': 'PackDetInputs', 'meta_keys': ('img_id', 'ori_shape')},
]
BOX = (11, 6, 30, 25)
SEEN = [10.0, 5.0, 30.0, 25.0]  # BOX as a target
SIDES = ('xmin', 'ymin', 'xmax', 'ymax')


def image(kind='JPEG', mode='RGB', width=64, height=48, **options):
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    out = io.BytesIO()
    picture = Image.fromarray(pixels)
    if mode == 'I;16':
        picture = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    elif mode != 'RGB':
        picture = picture.convert(mode)
    picture.save(out, kind, **options)
    return out.getvalue()


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return image(exif=exif)


def obj(box=BOX, name='red', more='', order=SIDES):
    sides = dict(zip(SIDES, box))
    inside = ''.join(f'<{side}>{sides[side]}</{side}>' for side in order)
    return f'<object><name>{name}</name>{more}<bndbox>{inside}</bndbox></object>'


def size(width=64, height=48, depth=3):
    return f'<size><width>{width}</width><height>{height}</height><depth>{depth}</depth></size>'


def xml(*objects, head=None):
    return f'<annotation>{size() if head is None else head}{"".join(objects)}</annotation>'


OBJECT = obj()
PLAIN = xml(OBJECT)


class Given:
    """Files by name, the lines of the list, and words of the dataset."""

    def __init__(self, files=None, lines=('a',), **words):
        self.files = {'JPEGImages/a.jpg': image(), 'Annotations/a.xml': PLAIN} | (files or {})
        self.lines, self.words = lines, words

    def read(self, root):
        from mmholdout.datasets.voc import VOCDataset

        text = '\n'.join(self.lines)
        for name, content in (self.files | {'ImageSets/Main/train.txt': text}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        defaults = {'metainfo': {'classes': ('red', 'white')}, 'pipeline': LOAD}
        return VOCDataset('ImageSets/Main/train.txt', data_root=str(root), **defaults | self.words)


def annotation(*objects, head=None, **words):
    return Given({'Annotations/a.xml': xml(*objects, head=head)}, **words)


def picture(content, head=None):
    return Given({'Annotations/a.xml': xml(OBJECT, head=head), 'JPEGImages/a.jpg': content})


def named(img_id, file):
    files = {f'JPEGImages/{file}': image(), f'Annotations/{img_id}.xml': PLAIN}
    return Given(files, [img_id])


def drops(box, kind):
    return annotation(obj(box), OBJECT), {'a': [SEEN]}, kind


WRONG_NAME = f'<filename>b.png</filename><path>/tmp/c</path>{size()}'
TWO = {'JPEGImages/b.jpg': image(width=60), 'Annotations/b.xml': PLAIN}
# What is given; what is read (id -> boxes); what the report says ('' for nothing at all).
READ = {
    'order of the sides': (annotation(obj(order=('xmin', 'xmax', 'ymin', 'ymax'))), SEEN, ''),
    'filename of another file': (annotation(OBJECT, head=WRONG_NAME), SEEN, ''),
    'JPG': (named('b', 'b.JPG'), SEEN, ''),
    'jpeg': (named('b', 'b.jpeg'), SEEN, ''),
    'png': (named('b', 'b.png'), SEEN, ''),
    'id with dots': (named('b.rf.1c0', 'b.rf.1c0.jpg'), SEEN, ''),
    'id with blanks and parentheses': (named('b c (1)', 'b c (1).jpg'), SEEN, ''),
    'PNG bytes in a .jpg': (picture(image('PNG')), SEEN, ''),
    'RGBA': (picture(image('PNG', 'RGBA')), SEEN, ''),
    'palette': (picture(image('PNG', 'P')), SEEN, ''),
    'gray JPEG': (picture(image('JPEG', 'L')), SEEN, ''),
    'gray and alpha': (picture(image('PNG', 'LA')), SEEN, ''),
    'one bit': (picture(image('PNG', '1')), SEEN, ''),
    '16 bit PNG': (picture(image('PNG', 'I;16')), SEEN, ''),
    'CMYK JPEG': (picture(image('JPEG', 'CMYK')), SEEN, ''),
    'wrong depth': (annotation(OBJECT, head=size(depth=1)), SEEN, ''),
    'size 0x0': (annotation(OBJECT, head=size(0, 0)), SEEN, 'without a usable <size>'),
    'no size': (annotation(OBJECT, head=''), SEEN, 'without a usable <size>'),
    'size of another image': (annotation(OBJECT, head=size(640, 480)), SEEN, '640x480, image 64'),
    'EXIF 3': (picture(turned(3)), SEEN, ''),
    'EXIF 6': (picture(turned(6), head=size(48, 64)), SEEN, ''),
    'EXIF 6, boxes perhaps not turned': (picture(turned(6), head=size()), SEEN, 'by its EXIF'),
    'EXIF invalid': (picture(turned(77)), SEEN, ''),
    'EXIF damaged': (picture(image(exif=b'Exif\0\0II*\0\xff\xff\xff\xff')), SEEN, ''),
    'zero area': drops((5, 5, 5, 5), 'without area (max = min), dropped'),
    'one px wide': drops((5, 5, 5, 20), 'without area (max = min), dropped'),
    'less than a pixel inside': drops((-9, 5, 0.4, 20), 'less than 1 px in width or height'),
    'inverted': drops((30, 6, 11, 25), 'inverted box'),
    'not a number': drops(('nan', 6, 11, 25), 'no finite number'),
    'infinite': drops((1, 6, 'inf', 25), 'no finite number'),
    'outside': drops((90, 6, 95, 25), 'outside the image'),
    'float': (annotation(obj((11.5, 6.25, 30.5, 25))), [10.5, 5.25, 30.5, 25], ''),
    'negative': (annotation(obj((-4, 6, 30, 25))), [0, 5, 30, 25], 'beyond the image, clipped'),
    'beyond the image': (annotation(obj((11, 6, 99, 25))), [10, 5, 64, 25], 'beyond the image'),
    'counted from 0': (annotation(obj((0, 6, 30, 25))), [0, 5, 30, 25], 'set one_based=False'),
    'counted from 0 and said so': (
        annotation(obj((0, 6, 30, 25)), one_based=False), [0, 6, 30, 25], '',
    ),
    'one box under two classes': (
        annotation(OBJECT, obj(name='white')), {'a': [SEEN, SEEN]}, 'under two classes, kept',
    ),
    'the same box twice': (
        annotation(OBJECT, OBJECT), {'a': [SEEN, SEEN]}, '1 x the same box twice, kept',
    ),
    'no object': (annotation(), {'a': []}, 'images without objects, kept as negatives: 1 (a)'),
    'no pose, truncated, difficult': (annotation(OBJECT), SEEN, ''),
    'difficult Unspecified': (
        annotation(obj(more='<difficult>Unspecified</difficult>')), SEEN, '',
    ),
    'a part with a name': (
        annotation(obj(more='<part><name>head</name><bndbox/></part>')), SEEN, '',
    ),
    'an owner with a name': (annotation(obj(more='<owner><name>bg</name></owner>')), SEEN, ''),
    'blank lines': (Given(lines=['', '', 'a', '  ', '']), SEEN, ''),
    'byte order mark and CRLF': (Given(lines=['\ufeffa\r', '\r']), {'a': [SEEN]}, ''),
    'per-class list': (Given(TWO, ['a -1', 'b  1']), {'a': [SEEN], 'b': [SEEN]}, 'per-class lists'),
    'repeated ids': (Given(lines='aa'), SEEN, "taken once: 'a' (2 times)"),
    'strays': (
        Given({'Annotations/.DS_Store': b'\0', 'JPEGImages/Thumbs.db': b'\0'}), SEEN, '',
    ),
}  # fmt: skip


@pytest.mark.parametrize('row', READ)
def test_read_as_meant_and_told(row, tmp_path):
    given, expected, told = READ[row]
    if isinstance(expected, list):  # the one box of the one image
        [img_id] = [line for line in dict.fromkeys(given.lines) if line.strip()]
        expected = {img_id: [expected]}
    dataset = given.read(tmp_path)
    found = {}
    for index in range(len(dataset)):
        sample = dataset[index]
        info = dataset.get_data_info(index)
        found[info['img_id']] = sample['data_samples'].gt_instances.bboxes.tensor.tolist()
        # Three channels, and pixels and boxes agree on what is height.
        assert sample['inputs'].shape == (3, info['height'], info['width'])
    assert found == {i: [pytest.approx(b) for b in boxes] for i, boxes in expected.items()}
    text = '\n'.join(
        line for line in dataset.report.text().splitlines()[1:] if 'classes without' not in line
    )
    assert (told in text) if told else text == ''
    if dataset.report.counts:
        with pytest.raises(DataError, match='strict=True'):
            dataset.__class__(**_words(given, tmp_path), strict=True)


def _words(given, root):
    words = {'metainfo': {'classes': ('red', 'white')}, 'data_root': str(root)} | given.words
    return words | {'ann_file': 'ImageSets/Main/train.txt'}


ENTITY = (
    '<!DOCTYPE annotation [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><annotation>&b;</annotation>'
)
EXTERNAL = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>'
)  # fmt: skip
SEVERAL = {'JPEGImages/b.jpg': image(), 'Annotations/c.xml': PLAIN}
# What is given, and words of the one message that all of it gets.
REFUSED = {
    'truncated JPEG': (picture(image()[:-300]), ['a.jpg: no readable image']),
    'misspelt class': (
        annotation(obj(name='whiet'), head=''),
        ["'whiet': 1 objects, first in Annotations/a.xml", "Did you mean 'white'?"],
    ),
    'a class called bg': (annotation(obj(name='bg')), ["'bg': 1 objects", 'ignore_classes']),
    'image without XML, XML without image, neither': (
        Given(SEVERAL, 'abcd'), ["'b'", "'c'", "'d'", 'Annotations', 'JPEGImages'],
    ),
    'filename in another case': (Given(lines='A'), ["capitals count: 'a' is there"]),
    'unparsable XML': (Given({'Annotations/a.xml': '<annotation><obj'}), ['a.xml: no valid XML']),
    'entity bomb': (Given({'Annotations/a.xml': ENTITY}), ['a.xml: refused']),
    'external entity': (Given({'Annotations/a.xml': EXTERNAL}), ['a.xml: refused']),
    'id out of the folder': (Given(lines=['a', '../../etc/passwd']), ["2: '../../etc/passwd'"]),
    'difficult without sense': (
        annotation(obj(more='<difficult>7</difficult>')), ['<difficult>7</difficult>', 'a.xml'],
    ),
}  # fmt: skip


@pytest.mark.parametrize('row', REFUSED)
def test_refused_with_the_name(row, tmp_path):
    given, words = REFUSED[row]
    with pytest.raises(DataError) as caught:
        given.read(tmp_path)
    for word in words:
        assert word in str(caught.value)
