import pytest

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.voc_reader import VOCReader
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_roots import voc_roots
from mmholdout.errors import DataError


@pytest.fixture
def read(voc):
    """Read the folder's train list; gives (samples, report)."""

    def _read(lists='ImageSets/Main/train.txt', folders='', **words):
        classes = {'classes': ('red', 'white', 'plate')}
        report = VOCReport('train.txt')
        reader = VOCReader(ClassLookup(classes, {}, ['dust']), report, **words)
        return reader.read(voc_roots(voc.root, lists, {'sub_data_root': folders})), report

    return _read


def problems(report):
    with pytest.raises(DataError) as caught:
        report.raise_problems()
    return caught.value.problems


def test_a_clean_folder_gives_samples_in_order_of_the_list(voc, read, parts):
    every = [parts.object(name) for name in ('red', 'white', 'plate')]
    for img_id in ('b', 'a', 'c.d e'):
        voc.add(img_id, *[o.replace('>11<', f'>{11 + n}<') for n, o in enumerate(every)])
    voc.list('c.d e', 'b', 'a')
    samples, report = read()
    assert [s['img_id'] for s in samples] == ['c.d e', 'b', 'a']
    assert report.text() == ''
    assert samples[0]['img_path'] == str(voc.root / 'JPEGImages' / 'c.d e.jpg')
    assert (samples[0]['width'], samples[0]['height']) == (64, 48)
    assert samples[0]['instances'][1] == {
        'bbox': [11, 5, 30, 25], 'bbox_label': 1, 'ignore_flag': 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ('objects', 'kind', 'kept'),
    [
        ([('red', (5, 5, 5, 9))], 'without area', 0),
        ([('red', (9, 5, 5, 9))], 'inverted', 0),
        ([('red', ('nan', 5, 5, 9))], 'no finite number', 0),
        ([('red', (90, 5, 95, 9))], 'outside the image', 0),
        ([('red', (-3, 5, 9, 9))], 'beyond the image', 1),
        ([('red', (0, 5, 9, 9))], 'set one_based=False', 1),
        ([('red', (2, 5, 9, 9)), ('red', (2, 5, 9, 9))], 'the same box twice, kept', 2),
        ([('red', (2, 5, 9, 9)), ('white', (2, 5, 9, 9))], 'one box under two classes, kept', 2),
    ],
)
def test_boxes_are_mended_counted_and_told(voc, read, parts, objects, kind, kept):
    voc.add('a', *(parts.object(*o) for o in objects))
    voc.list('a')
    samples, report = read()
    assert len(samples[0]['instances']) == kept
    [(found, count)] = report.counts.items()
    assert kind in found and count == 1
    name, box = objects[-1]
    line = next(line for line in report.text().splitlines() if kind in line)
    assert 'Annotations/a.xml object' in line and f'{name!r} ({box[0]}, {box[1]}' in line


def test_difficult_objects_are_flagged(voc, read, parts):
    difficult = '<difficult>1</difficult>'
    voc.add('a', parts.object('red', (2, 2, 9, 9), difficult), parts.object('white'))
    voc.list('a')
    samples, _ = read()
    assert [i['ignore_flag'] for i in samples[0]['instances']] == [1, 0]


def test_the_image_and_not_the_xml_says_the_size(voc, read, parts):
    voc.add('a', head=parts.size(640, 480))
    voc.add('b', head=parts.size(0, 0))
    voc.add('c', head='')
    voc.list('a', 'b', 'c')
    samples, report = read()
    assert {(s['width'], s['height']) for s in samples} == {(64, 48)}
    assert list(report.counts.values()) == [1]
    assert 'Annotations/a.xml (640x480, image 64x48)' in report.text()
    assert 'without a usable <size>, taken from the image: 2' in report.text()


def test_a_turned_image_with_an_unturned_size(voc, read, parts):
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    turned = parts.image(64, 48, exif=exif)
    voc.add('unturned', content=turned)
    voc.add('turned', content=turned, head=parts.size(48, 64))
    voc.list('turned', 'unturned')
    samples, report = read()
    assert [(s['width'], s['height']) for s in samples] == [(48, 64), (48, 64)]
    [(kind, count)] = report.counts.items()
    assert 'EXIF' in kind and count == 1
    assert 'Annotations/unturned.xml (64x48 turned to 48x64)' in report.text()


def test_missing_files_are_told_at_once(voc, read):
    voc.add('whole')
    voc.add('Case')
    voc.image('no_xml')
    voc.xml('no_image')
    voc.list('whole', 'no_xml', 'no_image', 'neither', 'case', 'whole.jpg')
    samples, report = read()
    assert [s['img_id'] for s in samples] == ['whole']
    text = '\n'.join(found := problems(report))
    assert len(found) == 3
    folders = [str(voc.root / name) for name in ('Annotations', 'JPEGImages')]
    assert f"1 x listed ids without a file in {folders[0]}: 'no_xml'" in text
    assert f"1 x listed ids without a file in {folders[1]}: 'no_image'" in text
    assert f"3 x listed ids without a file in {folders[0]} and in {folders[1]}: 'neither'" in text
    assert "'case' (capitals count: 'Case' is there)" in text
    assert "'whole.jpg' (an id has no extension: 'whole' is there)" in text


def test_ten_and_a_count(voc, read):
    voc.list(*(f'i{n}' for n in range(14)))
    _, report = read()
    [text] = problems(report)
    assert '14 x' in text and "'i9'; and 4 more" in text and "'i10'" not in text


def test_two_images_of_one_id(voc, read):
    voc.add('a')
    voc.image('a', '.PNG')
    voc.list('a')
    [text] = problems(read()[1])
    assert "'a': a.PNG and a.jpg" in text


def test_damaged_files_of_both_kinds_at_once(voc, read, parts):
    voc.add('a', content=parts.image(300, 200)[:-5000])
    voc.xml('a', whole='<annotation>')
    voc.add('b')
    voc.xml('b', '<object><name>red</name></object>')
    voc.list('a', 'b')
    images, annotations = problems(read()[1])
    assert 'images that cannot be used' in images and 'a.jpg' in images
    assert 'a.xml: no valid XML' in annotations
    assert "b.xml: object 1: 'red' has no <bndbox>" in annotations


def test_unknown_classes_stop_and_ignored_are_counted(voc, read, parts):
    voc.add('a', parts.object('plat'), parts.object('dust'), parts.object('dust'))
    voc.list('a')
    samples, report = read()
    [text] = problems(report)
    assert "'plat': 1 objects, first in Annotations/a.xml. Did you mean 'plate'?" in text
    assert samples[0]['instances'] == []
    assert "objects of class 'dust', left out (ignore_classes): 2" in report.text()


def test_facts_about_the_list(voc, read):
    voc.add('a')
    voc.add('b')
    voc.list('a -1', 'b  1', 'a -1')
    samples, report = read()
    assert [s['img_id'] for s in samples] == ['a', 'b']
    assert "taken once: 'a' (2 times)" in report.text()
    assert "train.txt is one of VOC's per-class lists" in report.text()
    assert 'classes without an object: white, plate' in report.text()


def test_an_empty_list(voc, read):
    voc.list('', '  ')
    assert 'the list is empty' in problems(read()[1])[0]


def test_strays_do_not_matter(voc, read, parts):
    voc.add('a')
    for stray in ('Annotations/.DS_Store', 'Annotations/b.xml', 'JPEGImages/Thumbs.db'):
        (voc.root / stray).write_bytes(b'\0')
    voc.list('a')
    samples, report = read()
    assert len(samples) == 1 and report.counts == {}


def test_lists_of_one_root_are_joined_and_an_id_in_both_is_told(voc, read):
    for img_id in 'abc':
        voc.add(img_id)
    voc.list('a', 'b')
    voc.list('b', 'c', name='val')
    samples, report = read(['ImageSets/Main/train.txt', 'ImageSets/Main/val.txt'])
    assert [s['img_id'] for s in samples] == ['a', 'b', 'c']
    assert report.notices == {'id listed more than once, taken once': ["'b' (in several lists)"]}


def test_an_id_in_two_roots_is_two_images_and_messages_name_the_root(voc, folder_at, read, parts):
    for year in ('one', 'two'):
        folder = folder_at(voc.root / year)
        folder.add('x', parts.object('red', (5, 5, 5, 5)), content=parts.image(64, 48))
        folder.list('x', *(['y'] if year == 'two' else []))
    lists = ['one/ImageSets/Main/train.txt', 'two/ImageSets/Main/train.txt']
    samples, report = read(lists, ['one', 'two/'])
    assert [s['img_id'] for s in samples] == ['one/x', 'two/x']
    assert [s['img_path'] for s in samples] == [
        str(voc.root / year / 'JPEGImages/x.jpg') for year in ('one', 'two')
    ]
    [examples] = report.notices.values()
    assert [e.split(' ')[0] for e in examples] == [
        'one/Annotations/x.xml', 'two/Annotations/x.xml',
    ]  # fmt: skip
    [problem] = problems(report)
    assert "'two/y'" in problem and str(voc.root / 'two' / 'Annotations') in problem


def test_one_empty_list_of_two_is_named(voc, read):
    voc.add('a')
    voc.list('a')
    voc.list('', name='val')
    _, report = read(['ImageSets/Main/train.txt', 'ImageSets/Main/val.txt'])
    assert 'the list is empty (ImageSets/Main/val.txt)' in problems(report)[0]


def test_corrupt_images_are_left_out_with_their_annotations_unread(voc, read, parts):
    voc.add('a')
    voc.add('b', content=parts.image(300, 200)[:-5000])
    voc.xml('b', whole='<annotation>')
    voc.list('a', 'b')
    samples, report = read(skip_corrupt=True)
    assert [s['img_id'] for s in samples] == ['a']
    [(kind, [example])] = report.notices.items()
    assert "left out (corrupt='skip')" in kind and 'b.jpg: no readable image' in example
    report.raise_problems()


def test_a_second_reading_comes_from_the_index(voc, read, own_cache, monkeypatch):
    from mmholdout.datasets import voc_index

    monkeypatch.setattr(voc_index, 'WORTH', 1)
    monkeypatch.setattr(voc_index, 'SETTLED_NS', 0)
    for img_id in 'abc':
        voc.add(img_id)
    voc.list('a', 'b', 'c')
    first, _ = read(skip_corrupt=True)
    [index] = (own_cache / 'mmholdout' / 'index').iterdir()
    opened = []
    real = voc_index.read_annotation, voc_index.read_header
    monkeypatch.setattr(voc_index, 'read_annotation', lambda p: opened.append(p.name) or real[0](p))
    monkeypatch.setattr(voc_index, 'read_header', lambda p: opened.append(p.name) or real[1](p))
    assert read(skip_corrupt=True)[0] == first and opened == []
    assert read(one_based=False)[0] != first and opened == []  # kept as written, not as read
    assert read(use_index=False)[0] == first and len(opened) == 6
    index.unlink()
    opened.clear()
    assert read()[0] == first and len(opened) == 6


def test_an_index_that_cannot_be_kept_is_told_once(voc, read, own_cache, monkeypatch):
    from mmholdout.datasets import voc_index

    monkeypatch.setattr(voc_index, 'WORTH', 2)
    (own_cache / 'mmholdout').write_text('in the way')
    voc.add('a')
    voc.list('a')
    samples, report = read()
    assert len(samples) == 1
    [fact] = [fact for fact in report.facts if 'index' in fact]
    assert fact.startswith('2 files are read again') and 'Set XDG_CACHE_HOME' in fact


def test_parts_of_a_list_are_drawn_by_id_and_told(voc, read):
    for number in range(20):
        voc.add(f'{number}')
    voc.list(*map(str, range(20)))
    parts = [DrawnPart(0, 0.5), DrawnPart(0.5, 1)]
    found = []
    for part in parts:
        samples, report = read(part=part)
        found += [s['img_id'] for s in samples]
        assert all(map(part.holds, found[-len(samples) :])) and 0 < len(samples) < 20
        told = (
            f'from {part.start:g} to {part.stop:g} of the list, drawn by id: {len(samples)} of 20'
        )
        assert told in report.text()
    assert sorted(found, key=int) == [str(n) for n in range(20)]
    _, report = read(part=DrawnPart(0.5, 0.5000001))
    assert 'holds none of its 20 images' in problems(report)[0]


def test_what_is_drawn_depends_on_the_id_with_its_root(voc, folder_at, read):
    for year in ('one', 'two'):
        folder = folder_at(voc.root / year)
        for number in range(12):
            folder.add(f'{number}')
        folder.list(*map(str, range(12)))
    part = DrawnPart(0, 0.5)
    lists = ['one/ImageSets/Main/train.txt', 'two/ImageSets/Main/train.txt']
    samples, _ = read(lists, ['one', 'two'], part=part)
    expected = [f'{year}/{n}' for year in ('one', 'two') for n in range(12)]
    assert [s['img_id'] for s in samples] == [i for i in expected if part.holds(i)]
