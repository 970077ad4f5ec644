import hashlib

import pytest

from mmholdout.fetch.digest import Digest


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        ('vgg16-397923af.pth', '397923af'),
        ('ssd300_coco_20210803_015428-d231a06e.pth', 'd231a06e'),
        (f'a-{"0f" * 32}.tar', '0f' * 32),
        ('a-20230415.pth', None),  # a date
        ('a-00012000.pth', None),  # an iteration
        ('a-20239915.pth', '20239915'),
        ('resnet-50.pth', None),
        ('a-397923AF.pth', None),
        ('a.pth', None),
    ],
)
def test_in_a_name(name, expected):
    found = Digest.in_name(name)
    assert (found and found.hexadecimal) == expected
    assert found is None or found.algorithm == 'sha256'


@pytest.mark.parametrize('algorithm', ['md5', 'sha256'])
def test_whole_digests_and_first_digits(tmp_path, algorithm):
    path = tmp_path / 'a'
    path.write_bytes(b'x' * (3 << 20))
    right = hashlib.new(algorithm, path.read_bytes()).hexdigest()
    for length in (8, len(right)):
        assert Digest(algorithm, right[:length]).differs(path) is None
        flipped = right[: length - 1] + ('0' if right[length - 1] != '0' else '1')
        assert Digest(algorithm, flipped).differs(path) is not None
    said = Digest('sha256', '0' * 64).differs(path)
    assert said.startswith('its SHA-256 begins with ') and said.endswith('not with ' + '0' * 16)
