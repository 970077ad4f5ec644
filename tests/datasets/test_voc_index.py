import math
import os
import threading
import time

import pytest

import mmholdout
from mmholdout.datasets import voc_index
from mmholdout.datasets.image_header import ImageHeader
from mmholdout.datasets.voc_index import VOCIndex, index_place
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject
from mmholdout.errors import DataError

XML = '<annotation><object><name>{}</name>{}</object></annotation>'


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(voc_index, 'WORTH', 1)
    monkeypatch.setattr(voc_index, 'SETTLED_NS', 0)
    return tmp_path / 'cache' / 'index.json'


@pytest.fixture
def xml(tmp_path, parts):
    path = tmp_path / 'a.xml'
    path.write_text(XML.format('red', parts.box((1, 2, 3, 4))))
    return path


@pytest.fixture
def reads(monkeypatch):
    """Names of the files that are read, not remembered."""
    names = []
    for function in ('read_annotation', 'read_header'):
        real = getattr(voc_index, function)
        monkeypatch.setattr(
            voc_index, function, lambda path, real=real: names.append(path.name) or real(path)
        )
    return names


def through(place, xml):
    """One start: ask for the annotation, keep the index; gives the annotation."""
    index = VOCIndex(place)
    annotation = index.annotation('a', xml)
    assert index.save() == ''
    return annotation


def test_what_is_remembered_is_what_was_read(place, tmp_path, parts, reads):
    box = ('1.25', '-2', 'nan', '1e300')
    text = f'<annotation>{parts.size(64, 48)}<object><name>rød "1"</name><difficult>1</difficult>'
    (tmp_path / 'a.xml').write_text(text + parts.box(box) + '</object></annotation>')
    (tmp_path / 'b.xml').write_text('<annotation/>')
    (tmp_path / 'a.jpg').write_bytes(parts.image(30, 20))
    answers = []
    for _ in range(2):
        index = VOCIndex(place)
        answers.append(
            [index.annotation(i, tmp_path / f'{i}.xml') for i in 'ab']
            + [index.header('a.jpg', tmp_path / 'a.jpg')]
        )
        index.save()
    assert reads == ['a.xml', 'b.xml', 'a.jpg']
    for a, b, header in answers:
        assert a.size == (64, 48) and a.objects[0].name == 'rød "1"' and a.objects[0].difficult
        assert a.objects[0].box[:2] == (1.25, -2) and a.objects[0].box[3] == 1e300
        assert math.isnan(a.objects[0].box[2])
        assert b == VOCAnnotation((), None)
        assert header == ImageHeader(30, 20) and isinstance(header, ImageHeader)


def rewrite(path, parts):
    path.write_text(XML.format('red', parts.box((1, 2, 3, 5))))


def keep_size_and_time(path, parts):
    before = path.stat()
    rewrite(path, parts)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def other_file_in_its_place(path, parts):
    other = path.with_name('new')
    other.write_text(XML.format('red', parts.box((1, 2, 3, 5))))
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize('edit', [rewrite, keep_size_and_time, other_file_in_its_place])
def test_an_edit_is_noticed_though_the_size_is_the_same(place, xml, parts, edit):
    assert through(place, xml).objects[0].box == (1, 2, 3, 4)
    time.sleep(0.02)  # more than a tick of the clock that stamps files
    edit(xml, parts)
    assert through(place, xml).objects[0].box == (1, 2, 3, 5)
    assert through(place, xml).objects[0].box == (1, 2, 3, 5)


def test_a_file_that_has_just_been_changed_is_read_again(place, xml, reads, monkeypatch):
    monkeypatch.setattr(voc_index, 'SETTLED_NS', 2_000_000_000)
    through(place, xml)
    through(place, xml)
    assert reads == ['a.xml', 'a.xml']
    long_ago = time.time_ns() + 3_000_000_000
    monkeypatch.setattr(time, 'time_ns', lambda: long_ago)
    through(place, xml)
    through(place, xml)
    assert len(reads) == 3


def cut(data):
    return data[: len(data) // 2]


def one_digit(data):
    return data.replace(b'"red",1.0', b'"red",9.0')


@pytest.mark.parametrize(
    'damage',
    [cut, one_digit, lambda _: b'', lambda _: b'\xff\0', lambda _: b'{}', lambda d: d + b' '],
)
def test_a_damaged_index_is_read_past_and_written_anew(place, xml, reads, damage):
    expected = through(place, xml)
    whole = place.read_bytes()
    assert damage(whole) != whole
    place.write_bytes(damage(whole))
    assert through(place, xml) == expected
    assert reads == ['a.xml', 'a.xml'] and place.read_bytes() == whole


def test_another_version_is_another_index(place, xml, reads, monkeypatch):
    through(place, xml)
    monkeypatch.setattr(voc_index, 'VERSION', voc_index.VERSION + 1)
    through(place, xml)
    monkeypatch.setattr(mmholdout, '__version__', '99')
    through(place, xml)
    assert len(reads) == 3


def test_what_cannot_be_read_is_told_at_every_start(place, xml, tmp_path):
    xml.write_text('<annotation>')
    for _ in range(2):
        index = VOCIndex(place)
        with pytest.raises(DataError, match='no valid XML'):
            index.annotation('a', xml)
        with pytest.raises(DataError, match='No such file'):
            index.header('a.jpg', tmp_path / 'a.jpg')
        index.save()


def test_files_that_are_gone_leave_the_index(place, tmp_path, parts):
    for name in 'ab':
        (tmp_path / f'{name}.xml').write_text(XML.format(name, parts.box((1, 2, 3, 4))))
    both, one = VOCIndex(place), None
    for name in 'ab':
        both.annotation(name, tmp_path / f'{name}.xml')
    both.save()
    one = VOCIndex(place)
    one.annotation('a', tmp_path / 'a.xml')
    one.files_read = 1
    one.save()
    assert VOCIndex(place).known('annotations', 'b', tmp_path / 'b.xml')[0] is None
    assert VOCIndex(place).known('annotations', 'a', tmp_path / 'a.xml')[0] is not None


def test_a_small_data_set_keeps_none(place, xml, monkeypatch):
    monkeypatch.setattr(voc_index, 'WORTH', 2)
    through(place, xml)
    assert not place.parent.exists()


def test_none_and_a_place_that_cannot_be_written(xml, tmp_path, monkeypatch):
    monkeypatch.setattr(voc_index, 'WORTH', 1)
    assert through(None, xml).objects[0].name == 'red'
    (tmp_path / 'file').write_text('')
    index = VOCIndex(tmp_path / 'file' / 'index.json')
    index.annotation('a', xml)
    assert 'index.json: ' in index.save()


def test_writers_at_once_leave_a_whole_index(place, tmp_path, parts):
    paths = []
    for number in range(30):
        paths.append(tmp_path / f'{number}.xml')
        paths[-1].write_text(XML.format('red', parts.box((1, 2, 3, 4))))

    def start(share):
        for _ in range(5):
            index = VOCIndex(place)
            for path in paths[share:]:
                index.annotation(path.stem, path)
            index.files_read = 1
            assert index.save() == ''

    threads = [threading.Thread(target=start, args=(share,)) for share in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    index = VOCIndex(place)
    assert index.annotation('29', paths[29]).objects[0].name == 'red' and index.files_read == 0
    assert [p.name for p in place.parent.iterdir()] == [place.name]


def test_each_list_has_its_own_place(own_cache, monkeypatch):
    one, other = index_place('/data', 'train.txt'), index_place('/data', 'val.txt')
    assert one != other and one == index_place('/data', 'train.txt')
    assert one.parent == own_cache / 'mmholdout' / 'index'
    assert index_place('/dat', 'atrain.txt') != index_place('/data', 'train.txt')

    def homeless(*_):
        raise RuntimeError

    monkeypatch.setattr(voc_index, 'cache_folder', homeless)
    assert index_place('/data') is None


def test_an_object_comes_back_as_one(place, xml):
    through(place, xml)
    [found] = through(place, xml).objects
    assert found == VOCObject('red', (1, 2, 3, 4), difficult=False)
