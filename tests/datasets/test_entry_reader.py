import pytest

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.entry_reader import Entry, EntryReader
from mmholdout.datasets.voc_index import VOCIndex
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_samples import VOCSamples
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject
from mmholdout.errors import DataError


@pytest.fixture
def reader():
    report = VOCReport('x')
    samples = VOCSamples(ClassLookup({'classes': ('red',)}, {}, ()), report, one_based=False)
    return EntryReader(samples, report)


@pytest.fixture
def entries(tmp_path, parts):
    for name in 'ab':
        (tmp_path / f'{name}.jpg').write_bytes(parts.image())
    return [Entry(n, i, tmp_path / f'{n}.jpg', f'{n}.txt', n) for i, n in enumerate('ab')]


def annotate(entry, header, index):
    return VOCAnnotation((VOCObject('red', (1, 2, 9, 8), False),), None)


def test_samples_in_order_with_their_ids(reader, entries):
    found = reader.read(entries, VOCIndex(None), annotate)
    assert [(one['img_id'], one['img_path']) for one in found] == [
        (n, str(entry.image)) for n, entry in enumerate(entries)
    ]
    assert found[0]['instances'] == [{'bbox': [1, 2, 9, 8], 'bbox_label': 0, 'ignore_flag': 0}]
    assert (found[0]['width'], found[0]['height']) == (64, 48)


def test_image_and_annotation_are_told_at_once(reader, entries):
    entries[0].image.write_bytes(b'')

    def broken(entry, header, index):
        assert (header is None) == (entry.key == 'a')
        raise DataError(f'{entry.key}: broken')

    assert reader.read(entries, VOCIndex(None), broken) == []
    assert next(iter(reader.report.problems.values()))[0].startswith(str(entries[0].image))
    assert reader.report.problems['annotations that cannot be used'] == ['a: broken', 'b: broken']


def test_what_cannot_be_decoded_is_left_out(reader, entries):
    reader.skip_corrupt = True
    entries[1].image.write_bytes(b'')
    assert [one['img_id'] for one in reader.read(entries, VOCIndex(None), annotate)] == [0]
    assert reader.report.problems == {} and len(reader.report.notices) == 1
