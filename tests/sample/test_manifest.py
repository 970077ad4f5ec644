import json
import shutil

import pytest

from mmholdout.errors import DataError
from mmholdout.sample import manifest
from mmholdout.sample.manifest import FILE_NAME, Manifest

COUNTS = {'train': 6, 'val': 3, 'test': 2}


def test_what_is_written_is_read(tmp_path):
    written = Manifest(3, COUNTS, 'abc')
    written.write(tmp_path)
    assert manifest.read(tmp_path) == written


def test_a_folder_without_one_gives_none(tmp_path):
    assert manifest.read(tmp_path) is None


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('{"maker": "some', 'cannot be read'),
        ('[]', 'not written by this program'),
        ('{"maker": "another tool", "seed": 0}', 'not written by this program'),
        ('{"maker": "mmholdout sample", "seed": 0}', 'damaged'),
        ('{"maker": "mmholdout sample", "seed": 0, "colour": 1}', 'damaged'),
    ],
)
def test_what_is_not_ours_is_refused_with_its_path(text, message, tmp_path):
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        manifest.read(tmp_path)
    assert str(tmp_path / FILE_NAME) in str(caught.value)


@pytest.mark.parametrize(
    ('change', 'same'),
    [
        ({}, True),
        ({'seed': 1}, False),
        ({'counts': {**COUNTS, 'train': 7}}, False),
        ({'version': manifest.VERSION + 1}, False),
    ],
)
def test_same_request(change, same):
    found = Manifest(**{'seed': 0, 'counts': COUNTS, 'digest': 'abc', **change})
    assert found.same_request(0, COUNTS) is same


def _change_byte(folder):
    path = next((folder / 'JPEGImages').iterdir())
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)


def _rename(folder):
    path = min((folder / 'JPEGImages').iterdir())
    path.rename(path.with_name('first.jpg'))  # the order of the contents stays


def _remove(folder):
    next((folder / 'Annotations').iterdir()).unlink()


def _add(folder):
    (folder / 'Annotations' / 'stray.xml').write_text('')


@pytest.mark.parametrize('change', [_change_byte, _rename, _remove, _add])
def test_the_digest_sees_every_change(change, written, tmp_path):
    folder = tmp_path / 'set'
    shutil.copytree(written, folder)
    before = manifest.digest(folder)
    assert before == json.loads((folder / FILE_NAME).read_text())['digest']
    change(folder)
    assert manifest.digest(folder) != before
