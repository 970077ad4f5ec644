from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import CheckpointError
from mmholdout.history.jsonl import History

ROWS = [{'epoch': 1, 'iter': 7, 'lr': 1e-3}, {'epoch': 2, 'val/mAP': 0.123456789012345678}]


@pytest.fixture
def history(tmp_path):
    history = History(tmp_path / 'history.jsonl')
    for row in ROWS:
        history.append(row)
    return history


def test_no_file_is_no_rows(tmp_path):
    assert History(tmp_path / 'history.jsonl').rows == []


def test_rows_come_back_at_full_precision_one_a_line(history):
    assert history.rows == ROWS
    assert history.path.read_bytes().count(b'\n') == 2


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=25)
@given(st.lists(st.dictionaries(st.text(max_size=8), finite, max_size=4), max_size=4))
def test_any_finite_rows_come_back(tmp_path_factory, rows):
    history = History(tmp_path_factory.mktemp('h') / 'history.jsonl')
    for row in rows:
        history.append(row)
    assert history.rows == rows


def test_numbers_that_json_lacks_are_left_out(history):
    history.append({'epoch': 3, 'a': float('nan'), 'b': float('inf'), 'c': -float('inf')})
    assert history.rows[-1] == {'epoch': 3}
    assert b'NaN' not in history.path.read_bytes()


def test_a_number_that_json_lacks_deep_in_a_row_is_not_written(history):
    with pytest.raises(ValueError, match='JSON compliant'):
        history.append({'epoch': 3, 'boxes': [1.0, float('nan')]})
    assert history.rows == ROWS


def test_class_names_stay_readable(history):
    history.append({'val/AP/猫': 0.5})
    assert '猫' in history.path.read_text(encoding='utf-8')
    assert history.rows[-1] == {'val/AP/猫': 0.5}


@pytest.mark.parametrize('torn', [b'{', b'{"epoch": 3, "lr', b'{"val/AP/\xe7', b'\x00\x00'])
def test_a_torn_last_line_is_dropped_and_does_not_join_the_next(history, torn):
    with history.path.open('ab') as file:
        file.write(torn)
    assert history.rows == ROWS
    history.append({'epoch': 3})
    assert history.rows == [*ROWS, {'epoch': 3}]


def test_a_last_line_torn_just_before_its_end_is_kept(history):
    history.path.write_bytes(history.path.read_bytes().rstrip(b'\n'))
    assert history.rows == ROWS
    history.append({'epoch': 3})
    assert history.rows == [*ROWS, {'epoch': 3}]


def test_a_crash_at_any_byte_loses_at_most_the_row_under_way(history):
    whole = history.path.read_bytes()
    for length in range(len(whole) + 1):
        history.path.write_bytes(whole[:length])
        complete = whole[:length].count(b'\n')
        assert history.rows[:complete] == ROWS[:complete]
        history.append({'epoch': 9})
        assert history.rows[-1] == {'epoch': 9}


@pytest.mark.parametrize('bad', [b'{"epoch": ', b'[1]', b'', b'{"lr": NaN}', b'\xff'])
def test_any_other_bad_line_is_named(history, bad):
    lines = history.path.read_bytes().splitlines()
    history.path.write_bytes(b'\n'.join([lines[0], bad, lines[1], b'']))
    with pytest.raises(CheckpointError, match=r'history\.jsonl, line 2 is not a JSON object'):
        _ = history.rows


def test_windows_line_ends_are_read(history):
    history.path.write_bytes(history.path.read_bytes().replace(b'\n', b'\r\n'))
    assert history.rows == ROWS


@pytest.mark.parametrize(
    ('keep', 'left'),
    [(0, 0), (1, 1), (2, 2), (lambda row: row['epoch'] <= 1, 1), (lambda row: False, 0)],
)
def test_truncate(history, keep, left):
    assert history.truncate(keep) is None
    assert history.rows == ROWS[:left]


def test_truncate_says_when_rows_are_missing(history):
    assert '2 rows where the restored run had written 5' in history.truncate(5)
    assert history.rows == ROWS


def test_truncate_takes_a_torn_line_away(history):
    whole = history.path.read_bytes()
    history.path.write_bytes(whole + b'{"ep')
    history.truncate(2)
    assert history.path.read_bytes() == whole


def test_truncate_without_a_file_makes_none(tmp_path):
    history = History(tmp_path / 'history.jsonl')
    history.truncate(0)
    assert not history.path.exists()


def test_a_failing_truncate_keeps_all_rows(history, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(OSError, match='No space'):
        history.truncate(1)
    assert history.rows == ROWS


def test_append_is_synchronised(history, monkeypatch):
    sizes = []
    monkeypatch.setattr(os, 'fsync', lambda fd: sizes.append(os.fstat(fd).st_size))
    history.append({'epoch': 3})
    assert sizes == [history.path.stat().st_size]  # nothing was still in a buffer of ours


def test_a_row_that_cannot_be_written_names_the_file(history, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(OSError, match='No space') as error:
        history.append({'epoch': 3})
    assert error.value.filename == str(history.path)
