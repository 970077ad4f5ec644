"""What the tests of this room share."""

import io

import numpy as np
import pytest
from PIL import Image

import mmholdout.registry  # noqa: F401 - before mmdet: it supplies the compiled operators

CLASSES = ('red', 'white', 'plate')


def box_xml(box):
    sides = zip(('xmin', 'ymin', 'xmax', 'ymax'), box)
    return '<bndbox>' + ''.join(f'<{k}>{v}</{k}>' for k, v in sides) + '</bndbox>'


def object_xml(name='red', box=(11, 6, 30, 25), more=''):
    return f'<object><name>{name}</name>{box_xml(box)}{more}</object>'


def size_xml(width, height):
    return f'<size><width>{width}</width><height>{height}</height><depth>3</depth></size>'


SIZE = size_xml(64, 48)


def image_bytes(width=64, height=48, kind='JPEG', mode='RGB', **options):
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(out, kind, **options)
    return out.getvalue()


class Folder:
    """A VOC folder under construction: 64x48 images, one 'red' box each unless told."""

    def __init__(self, root):
        self.root = root
        for name in ('Annotations', 'JPEGImages', 'ImageSets/Main'):
            (root / name).mkdir(parents=True)

    def image(self, img_id, suffix='.jpg', content=None):
        (self.root / 'JPEGImages' / f'{img_id}{suffix}').write_bytes(content or image_bytes())

    def xml(self, img_id, *objects, head='', whole=None):
        text = whole or f'<annotation>{head}{"".join(objects)}</annotation>'
        (self.root / 'Annotations' / f'{img_id}.xml').write_text(text, encoding='utf-8')

    def add(self, img_id, *objects, suffix='.jpg', content=None, head=SIZE):
        self.image(img_id, suffix, content)
        self.xml(img_id, *(objects or (object_xml(),)), head=head)

    def list(self, *lines, name='train'):
        path = self.root / 'ImageSets/Main' / f'{name}.txt'
        path.write_text('\n'.join(lines), encoding='utf-8')

    def dataset(self, **words):
        from mmholdout.datasets.voc import VOCDataset

        defaults = {
            'ann_file': 'ImageSets/Main/train.txt',
            'data_root': str(self.root),
            'metainfo': {'classes': CLASSES},
        }
        return VOCDataset(**defaults | words)

    def of(self, *objects, **words):
        """A dataset of one image with these objects."""
        self.add('a', *objects)
        self.list('a')
        return self.dataset(**words)


class Parts:
    """The builders of single pieces, for tests that need them."""

    object = staticmethod(object_xml)
    box = staticmethod(box_xml)
    size = staticmethod(size_xml)
    image = staticmethod(image_bytes)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """No test reads or writes the user's cache; gives the folder used instead."""
    folder = tmp_path_factory.mktemp('cache')
    monkeypatch.setenv('XDG_CACHE_HOME', str(folder))
    return folder


@pytest.fixture
def voc(tmp_path):
    return Folder(tmp_path / 'voc')


@pytest.fixture
def folder_at():
    """Makes folders at given places; its `dataset` needs all its words."""

    def make(root):
        return Folder(root)

    make.dataset = lambda **words: Folder.dataset(_Nowhere(), **words)
    return make


class _Nowhere:
    root = 'nowhere'


@pytest.fixture
def parts():
    return Parts
