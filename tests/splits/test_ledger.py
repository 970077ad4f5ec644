"""The ledger counts each use, refuses a careless second one, and shows a changed line."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmholdout.errors import LedgerError
from mmholdout.splits.ledger import Ledger

SPLIT, OTHER_SPLIT = 'a1' * 32, 'b2' * 32
CONFIG, CHECKPOINT = 'c3' * 32, 'd4' * 32


def _open(ledger, split=SPLIT, reason=None, **names):
    return ledger.open(split, CONFIG, CHECKPOINT, reason, **names)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / 'to' / 'be' / 'made' / 'test_ledger.jsonl')


@pytest.fixture
def filled(ledger):
    """Six lines: three uses with their results."""
    for split, reason in ((SPLIT, None), (OTHER_SPLIT, None), (SPLIT, 'new labels')):
        ledger.close(_open(ledger, split, reason), {'test/mAP': 0.5})
    return ledger


def _lines(ledger):
    return ledger.path.read_bytes().splitlines(keepends=True)


def test_a_ledger_that_was_never_used_is_empty(ledger):
    assert ledger.uses(SPLIT) == 0
    assert ledger.verify() == []
    assert not ledger.path.exists()  # looking leaves no trace


def test_the_line_is_on_disk_before_open_returns(ledger, monkeypatch):
    sizes = []
    monkeypatch.setattr(os, 'fsync', lambda fd: sizes.append(os.fstat(fd).st_size))
    use = _open(ledger, checkpoint_name='best_model.pth')
    assert sizes == [ledger.path.stat().st_size]  # nothing was still in a buffer of ours
    (line,) = [json.loads(line) for line in _lines(ledger)]
    assert line['event'] == 'opened'
    assert (line['split'], line['config'], line['checkpoint']) == (SPLIT, CONFIG, CHECKPOINT)
    assert line['checkpoint_name'] == 'best_model.pth'
    assert line['prev'] == '0' * 64
    assert line['hash'] == use.line_hash
    assert (use.number, use.reason) == (1, None)
    assert datetime.fromisoformat(use.time).utcoffset() == timedelta(0)


def test_the_result_is_the_second_line(ledger):
    use = _open(ledger)
    ledger.close(use, {'test/mAP': 0.123456789012345, 'test/AP/dog': float('nan')})
    result = ledger.verify()[1]
    assert result['event'] == 'result'
    assert result['of'] == use.line_hash
    assert result['result'] == {'test/mAP': 0.123456789012345}  # in full; absent is absent


def test_a_second_use_without_a_reason_is_refused_and_leaves_no_line(ledger):
    use = _open(ledger, checkpoint_name='best_model.pth')
    ledger.close(use, {'test/mAP': 0.5})
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError) as refusal:
        _open(ledger)
    message = str(refusal.value)
    assert ledger.path.read_bytes() == before
    for told in ('used once before', use.time, 'best_model.pth', CHECKPOINT[:12], '--again REASON'):
        assert told in message
    assert 'test/mAP = 0.5000' in message


@pytest.mark.parametrize(
    ('result', 'told'), [({'mAP': 0.25}, 'mAP = 0.2500'), ({'test/loss': 1.0}, 'with a result')]
)
def test_the_refusal_says_the_result(ledger, result, told):
    ledger.close(_open(ledger), result)
    with pytest.raises(LedgerError, match=rf'split {SPLIT[:12]} was used once') as refusal:
        _open(ledger)
    assert f'checkpoint sha256 {CHECKPOINT[:12]} ({told}; {ledger.path})' in str(refusal.value)


@pytest.mark.parametrize('reason', ['', '   ', '\n'])
def test_blanks_are_no_reason(ledger, reason):
    _open(ledger)
    with pytest.raises(LedgerError, match='--again'):
        _open(ledger, reason=reason)


def test_a_second_use_with_a_reason_is_counted(ledger):
    _open(ledger)
    use = _open(ledger, reason=' the labels were corrected ')
    assert use.number == 2
    assert use.reason == 'the labels were corrected'
    assert ledger.uses(SPLIT) == 2


def test_a_use_that_died_counts(ledger):
    _open(ledger)
    assert ledger.uses(SPLIT) == 1
    with pytest.raises(LedgerError, match='died before its result'):
        _open(ledger)


def test_the_refusal_counts_all_uses_and_shows_the_first(ledger):
    first = _open(ledger, checkpoint_name='first.pth')
    _open(ledger, reason='again', checkpoint_name='second.pth')
    with pytest.raises(
        LedgerError, match=rf'used 2 times before: first on {re.escape(first.time)}'
    ):
        _open(ledger)


def test_another_split_is_counted_apart(ledger):
    _open(ledger)
    assert _open(ledger, OTHER_SPLIT).number == 1
    assert (ledger.uses(SPLIT), ledger.uses(OTHER_SPLIT)) == (1, 1)


def test_two_uses_may_be_open_at_once(ledger):
    first, second = _open(ledger), _open(ledger, OTHER_SPLIT)
    ledger.close(second, {'test/mAP': 0.2})
    ledger.close(first, {'test/mAP': 0.1})
    assert [e['event'] for e in ledger.verify()] == ['opened', 'opened', 'result', 'result']


def test_a_result_is_given_once_and_to_its_own_ledger(ledger, tmp_path):
    use = _open(ledger)
    ledger.close(use, {})
    with pytest.raises(LedgerError, match='already'):
        ledger.close(use, {})
    with pytest.raises(LedgerError, match='holds no use'):
        Ledger(tmp_path / 'other.jsonl').close(use, {})


def test_uses_started_at_the_same_instant_are_kept_apart(ledger, monkeypatch):
    outcomes = []
    append = Ledger._append

    def slow_append(*args):
        time.sleep(0.02)  # between reading and writing
        return append(*args)

    monkeypatch.setattr(Ledger, '_append', slow_append)

    def use():
        try:
            outcomes.append(_open(ledger).number)
        except LedgerError:
            outcomes.append('refused')

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ['1'] + ['refused'] * 7


def test_an_untouched_ledger_verifies(filled):
    assert len(filled.verify()) == 6


@pytest.mark.parametrize('number', range(1, 7))
@pytest.mark.parametrize(
    ('old', 'new'),
    [
        (rb'"event": "(.)', rb'"event": "X'),  # a value
        (rb'"time": "2', rb'"time": "1'),  # the date
        (rb'"prev": "(.)', rb'"prev": "x'),  # the link
        (rb'"hash": "(.)', rb'"hash": "x'),  # the seal
        (rb'": "', rb'":"'),  # white space alone
        (rb'^\{', rb'{"event": "result", '),  # a name given twice
        (rb'\n$', rb'\r\n'),  # the line's end
    ],
)
def test_an_edit_is_found_in_its_line(filled, number, old, new):
    lines = _lines(filled)
    edited = re.sub(old, new, lines[number - 1], count=1)
    assert edited != lines[number - 1]
    lines[number - 1] = edited
    filled.path.write_bytes(b''.join(lines))
    with pytest.raises(LedgerError, match=rf'line {number} was changed'):
        filled.verify()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_byte_can_be_changed_unnoticed(filled, data):
    intact = b''.join(_lines(filled))
    position = data.draw(st.integers(0, len(intact) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != intact[position]))
    try:
        filled.path.write_bytes(intact[:position] + bytes([byte]) + intact[position + 1 :])
        with pytest.raises(LedgerError):
            filled.verify()
    finally:
        filled.path.write_bytes(intact)


@pytest.mark.guarantee
def test_every_byte_of_the_last_line(filled):
    """No line after it would show the change; its own hash must."""
    intact = b''.join(_lines(filled))
    for position in range(len(intact) - len(_lines(filled)[-1]), len(intact)):
        changed = bytearray(intact)
        changed[position] ^= 1
        filled.path.write_bytes(changed)
        with pytest.raises(LedgerError, match='line'):
            filled.verify()


@pytest.mark.parametrize('number', range(1, 6))
@pytest.mark.parametrize(('put', 'found'), [([], 0), ([2, 1], 0), ([1, 1], 1)])
def test_lines_that_do_not_follow_are_found(filled, number, put, found):
    lines = _lines(filled)  # one is removed, exchanged with the next, given twice
    pair = lines[number - 1 : number + 1]
    lines[number - 1 : number + (2 in put)] = [pair[which - 1] for which in put]
    filled.path.write_bytes(b''.join(lines))
    with pytest.raises(LedgerError, match=rf'line {number + found} does not follow'):
        filled.verify()


@pytest.mark.parametrize('junk', [b'\n', b'[]\n', b'null\n', b'\xff\xfe\n', b'[' * 100_000 + b'\n'])
def test_a_line_of_another_kind_is_found(filled, junk):
    with filled.path.open('ab') as file:
        file.write(junk)
    with pytest.raises(LedgerError, match='line 7 was changed'):
        filled.verify()


@pytest.mark.parametrize('act', ['verify', 'uses', 'open', 'close'])
def test_no_method_works_on_a_changed_ledger(filled, act):
    use = _open(filled, 'e5' * 32)
    changed = filled.path.read_bytes().replace(b'new labels', b'old labels')
    filled.path.write_bytes(changed)
    acts = {
        'verify': filled.verify,
        'uses': lambda: filled.uses(SPLIT),
        'open': lambda: _open(filled, 'f6' * 32),
        'close': lambda: filled.close(use, {}),
    }
    with pytest.raises(LedgerError, match='line 5'):
        acts[act]()
    assert filled.path.read_bytes() == changed


@pytest.mark.parametrize('kept', [1, 20, -1])
def test_a_torn_last_line_is_reported_and_not_swallowed(filled, kept):
    *whole, last = _lines(filled)
    filled.path.write_bytes(b''.join(whole) + last[:kept])
    for act in (filled.verify, lambda: filled.uses(SPLIT), lambda: _open(filled, 'f6' * 32)):
        with pytest.raises(LedgerError, match='line 6 is torn'):
            act()
    filled.path.write_bytes(b''.join(whole))  # as the message advises
    assert filled.uses(SPLIT) == 2


def test_what_the_file_cannot_show_by_itself(filled):
    """Documented limits: a cut end and a deleted file look like a ledger that is younger."""
    filled.path.write_bytes(b''.join(_lines(filled)[:4]))
    assert filled.uses(SPLIT) == 1
    filled.path.unlink()
    assert filled.uses(SPLIT) == 0


def test_what_was_measured_and_with_what_is_part_of_the_chain(ledger):
    use = _open(ledger, annotations_digest='e5' * 32)
    ledger.close(use, {'test/mAP': 0.5}, 'f6' * 32)
    opened, result = ledger.verify()
    assert (opened['annotations'], result['predictions']) == ('e5' * 32, 'f6' * 32)
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b'f6f6', b'f6f7', 1))
    with pytest.raises(LedgerError, match='line 2 was changed'):
        ledger.verify()


def test_a_refusal_beforehand_leaves_no_trace(ledger):
    ledger.refuse(SPLIT)
    assert not ledger.path.exists()
    _open(ledger)
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError, match='--again'):
        ledger.refuse(SPLIT, ' ')
    ledger.refuse(SPLIT, 'a reason')
    ledger.refuse(OTHER_SPLIT)
    assert ledger.path.read_bytes() == before
