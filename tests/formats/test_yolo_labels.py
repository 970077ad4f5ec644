import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import DataError
from mmholdout.formats.yolo_labels import YOLOObject, read_labels


@pytest.fixture
def read(tmp_path):
    def _read(content):
        path = tmp_path / 'a.txt'
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_labels(path)

    return _read


def test_boxes_and_polygons(read):
    text = '\ufeff1 0.5 0.5 0.5 0.25\r\n\n2.0 0.1 0.2 0.5 0.1 0.3 0.9\n'
    assert read(text) == [
        YOLOObject(1, (0.25, 0.375, 0.75, 0.625)),
        YOLOObject(2, (0.1, 0.1, 0.5, 0.9), outline=True),
    ]
    assert read('') == []


@pytest.mark.parametrize(
    ('line', 'said'),
    [
        ('cat 0.5 0.5 1 1', 'no number'),
        ('-1 0.5 0.5 1 1', 'no whole number from 0'),
        ('0.5 0.5 0.5 1 1', 'no whole number from 0'),
        ('nan 0.5 0.5 1 1', 'no whole number from 0'),
        ('0 320 240 64 48', '320 is no share of the image; are these pixels?'),
        ('0 0.5 inf 1 1', 'inf is no share'),
        ('0 0.5 0.5 1', '4 numbers; a box has five'),
        ('0 0.5 0.5 1 1 0.9', 'six numbers'),
        ('0 0.5 0.5 1 1 0.9 0.9 0.9', '8 numbers'),
        ('0', '1 numbers'),
        ('0,0.5,0.5,1,1', 'no number'),
    ],
)
def test_lines_that_are_neither(read, line, said):
    with pytest.raises(DataError) as caught:
        read(f'0 0.5 0.5 1 1\n{line}\n')
    assert said in str(caught.value) and 'a.txt line 2' in str(caught.value)


def test_all_lines_are_told_but_not_thousands(read):
    with pytest.raises(DataError) as caught:
        read('x\n' * 1000)
    assert len(caught.value.problems) == 21 and '980 lines more' in caught.value.problems[-1]


def test_files_that_are_refused(read, tmp_path):
    with pytest.raises(DataError, match='not UTF-8'):
        read(b'\xff\xfe0')
    with pytest.raises(DataError, match='larger than 16 MiB'):
        read(b' ' * ((16 << 20) + 1))
    with pytest.raises(DataError, match='cannot be read'):
        read_labels(tmp_path)


@pytest.mark.parametrize(
    ('shares', 'box'),
    [
        ((0.25, 0.5, 0.75, 1.0), (160.0, 240.0, 480.0, 480.0)),
        ((-0.0000005, 0.0, 1.0000005, 1.0), (0.0, 0.0, 640.0, 480.0)),
        ((-0.01, 0.0, 1.1, 1.0), (-6.4, 0.0, 704.0, 480.0)),
    ],
)
def test_pixels(shares, box):
    assert YOLOObject(0, shares).box(640, 480) == box


@given(st.integers(1, 20000), st.data())
def test_six_decimals_of_a_whole_pixel_are_near_it(width, data):
    """A box at the border stays there; any other is off by what six decimals lose."""
    x1 = data.draw(st.integers(0, width - 1))
    x2 = data.draw(st.integers(x1 + 1, width))
    centre, side = round((x1 + x2) / 2 / width, 6), round((x2 - x1) / width, 6)
    box = YOLOObject(0, (centre - side / 2, 0, centre + side / 2, 1)).box(width, 1)
    assert abs(box[0] - x1) <= 1e-6 * width and abs(box[2] - x2) <= 1e-6 * width
    assert (x1 != 0 or box[0] == 0) and (x2 != width or box[2] == width)
