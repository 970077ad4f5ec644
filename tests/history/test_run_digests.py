import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmholdout.errors import RunFolderError
from mmholdout.history.run_digests import (
    NAME,
    files_of_run,
    read_digests,
    record_run,
    rewriting,
    sha256_of,
)


@pytest.fixture
def run(tmp_path):
    (tmp_path / 'checkpoints').mkdir()
    for name in ('config.py', 'history.jsonl', 'curves.png', 'checkpoints/last.pth'):
        (tmp_path / name).write_text(f'content of {name}')
    (tmp_path / 'notes.txt').write_text('mine')
    return tmp_path


def test_the_digest_is_sha256_of_the_bytes(tmp_path):
    data = bytes(range(256)) * 9000  # more than one piece
    (tmp_path / 'x').write_bytes(data)
    assert sha256_of(tmp_path / 'x') == hashlib.sha256(data).hexdigest()


def test_every_file_of_the_run_and_no_other(run):
    record_run(run)
    assert set(read_digests(run)) == {
        'config.py',
        'history.jsonl',
        'curves.png',
        'checkpoints/last.pth',
    }
    assert read_digests(run)['config.py'] == sha256_of(run / 'config.py')
    assert NAME not in files_of_run(run)


def test_no_record(run):
    assert read_digests(run) is None


@pytest.fixture
def intact(run):
    record_run(run)
    return (run / NAME).read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_the_record_can_be_changed_unnoticed(run, intact, data):
    at = data.draw(st.integers(0, len(intact) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != intact[at]))
    (run / NAME).write_bytes(intact[:at] + bytes([byte]) + intact[at + 1 :])
    with pytest.raises(RunFolderError, match='was changed'):
        read_digests(run)


@pytest.mark.parametrize('text', ['', '[]', '{}', '{"files": 3}', '[' * 100_000])
def test_a_record_of_another_kind(run, text):
    (run / NAME).write_text(text)
    with pytest.raises(RunFolderError, match='was changed'):
        read_digests(run)


def test_rewriting_records_its_files_and_nothing_else(run):
    record_run(run)
    before = read_digests(run)
    (run / 'config.py').write_text('changed by somebody')
    with rewriting(run, ['curves.png', 'test.json']) as said:
        assert 'curves.png' not in read_digests(run)  # a writer that dies leaves no false digest
        (run / 'curves.png').write_text('new')
        (run / 'test.json').write_text('{}')
    after = read_digests(run)
    assert said == []
    assert after['curves.png'] == sha256_of(run / 'curves.png')
    assert after['test.json'] == sha256_of(run / 'test.json')
    assert after['config.py'] == before['config.py']  # the change is still one


def test_a_writer_that_dies_leaves_its_files_off_the_record(run):
    record_run(run)
    with pytest.raises(ZeroDivisionError), rewriting(run, ['curves.png']):
        raise ZeroDivisionError
    assert set(read_digests(run)) == {'config.py', 'history.jsonl', 'checkpoints/last.pth'}


@pytest.mark.parametrize('missing', [None, 'config.py', 'history.jsonl'])
def test_a_run_that_has_not_ended_gets_no_record(run, missing):
    if missing:  # it died early
        (run / missing).unlink()
    with rewriting(run, ['curves.png']):
        pass
    assert not (run / NAME).exists()


def test_a_folder_in_which_nothing_was_trained_gets_one(tmp_path):
    with rewriting(tmp_path, ['test.json']):
        (tmp_path / 'test.json').write_text('{}')
    assert set(read_digests(tmp_path)) == {'test.json'}


def test_an_empty_folder_stays_empty(tmp_path):
    with rewriting(tmp_path, ['curves.png']):
        pass
    assert not list(tmp_path.iterdir())


def test_a_changed_record_is_not_mended(run):
    record_run(run)
    changed = json.loads((run / NAME).read_text())
    changed['files']['config.py'] = '0' * 64
    (run / NAME).write_text(json.dumps(changed))
    with rewriting(run, ['curves.png']) as said:
        pass
    assert 'was changed' in said[0]
    assert json.loads((run / NAME).read_text()) == changed
