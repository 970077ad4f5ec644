import json

import pytest

from mmholdout.errors import RunFolderError
from mmholdout.splits.file_record import (
    combined,
    differences,
    digest_files,
    read_file_record,
    write_file_record,
)

A, B = 'a' * 64, 'b' * 64


@pytest.fixture
def record(tmp_path):
    path = tmp_path / 'annotations.json'
    write_file_record(path, {'train': {'x.xml': A, 'ö.xml': B}, 'val': {'y.xml': B}})
    return path


def test_there_and_back(record):
    assert read_file_record(record) == {'train': {'x.xml': A, 'ö.xml': B}, 'val': {'y.xml': B}}
    assert json.loads(record.read_text(encoding='utf-8'))['splits']['val']['digest'] == combined(
        {'y.xml': B}
    )


def test_any_changed_byte_is_found(record):
    intact = record.read_bytes()
    for at in range(len(intact)):
        record.write_bytes(intact[:at] + bytes([intact[at] ^ 1]) + intact[at + 1 :])
        with pytest.raises(RunFolderError, match='annotations'):
            read_file_record(record)


def test_missing(tmp_path):
    with pytest.raises(RunFolderError, match='there is no'):
        read_file_record(tmp_path / 'x.json')


def test_one_digest_whatever_the_order():
    assert combined({'x': A, 'y': B}) == combined({'y': B, 'x': A})
    assert combined({'x': A, 'y': B}) != combined({'x': B, 'y': A})


def test_digests_of_the_files_that_are_there(tmp_path):
    (tmp_path / 'x.xml').write_text('<x/>')
    found = digest_files({'x': tmp_path / 'x.xml', 'gone': tmp_path / 'gone.xml'})
    assert list(found) == ['x'] and len(found['x']) == 64


def test_every_difference_is_named():
    assert differences({'same': A, 'other': A, 'gone': A}, {'same': A, 'other': B, 'new': A}) == [
        'gone is missing',
        'new is new: it was not there when the files were recorded',
        f'other is not what it was: sha256 {B[:12]}, recorded {A[:12]}',
    ]
