import pytest

from mmholdout.datasets.voc_lists import read_ids, read_list
from mmholdout.errors import DataError


@pytest.fixture
def write(tmp_path):
    def _write(content):
        path = tmp_path / 'train.txt'
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


@pytest.mark.parametrize(
    ('content', 'ids'),
    [
        ('a\nb\n', ['a', 'b']),
        ('a\nb', ['a', 'b']),
        ('\n\na\n   \nb\n\n', ['a', 'b']),
        (b'\xef\xbb\xbfa\r\nb\r\n', ['a', 'b']),
        ('a\rb', ['a', 'b']),
        ('  a  \n\tb\t\n', ['a', 'b']),
        ('a.rf.1c0\n2.5.b\n', ['a.rf.1c0', '2.5.b']),
        ('a b (1)\nc\n', ['a b (1)', 'c']),
        ('2007/000001\n', ['2007/000001']),
        ('a..b\n', ['a..b']),
        ('Zelle ä\n', ['Zelle ä']),
        ('a\x0cb\n', ['a\x0cb']),  # a form feed ends no line
        ('000012 -1\n000017  1\n000023  0\n', ['000012', '000017', '000023']),
        ('a 1\nb\n', ['a 1', 'b']),  # not every line has a flag
        ('frame 0\nframe 1\n', ['frame 0', 'frame 1']),  # one id under two flags
        ('a 2\nb 1\n', ['a 2', 'b 1']),
        ('b\na\nb\n', ['b', 'a']),
        ('', []),
    ],
)
def test_what_is_meant_is_read(write, content, ids):
    assert read_ids(write(content)) == ids


def test_repeats_are_counted_and_per_class_lists_recognised(write):
    assert read_list(write('b\na\nb\nb\n')).repeated == {'b': 3}
    assert not read_list(write('a\nb\n')).per_class
    found = read_list(write('a -1\nb  1\na -1\n'))
    assert (found.per_class, found.ids, found.repeated) == (True, ('a', 'b'), {'a': 2})


@pytest.mark.parametrize(
    'line',
    ['../../etc/passwd', '/etc/passwd', 'a/../../b', '..', r'..\b', r'a\b', 'C:/a', 'c:a', 'a\0b'],
)
def test_an_id_never_leaves_the_folder(write, line):
    with pytest.raises(DataError, match='line 2') as caught:
        read_ids(write(f'fine\n{line}\n'))
    assert repr(line) in str(caught.value)


def test_the_flag_does_not_hide_a_way_out(write):
    with pytest.raises(DataError, match='passwd'):
        read_ids(write('../passwd 1\na -1\n'))


def test_all_wrong_ids_are_named_at_once(write):
    with pytest.raises(DataError, match=r'line 1.*line 10.* and 3 more'):
        read_ids(write('\n'.join(f'/{n}' for n in range(13))))


def test_missing_or_binary_lists(write, tmp_path):
    with pytest.raises(DataError, match=r'nowhere\.txt'):
        read_ids(tmp_path / 'nowhere.txt')
    with pytest.raises(DataError, match='UTF-8'):
        read_ids(write(b'\xff\xfe\x00'))
