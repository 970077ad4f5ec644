"""summary.json keeps what it was given and says what it is not."""

from __future__ import annotations

import json

import pytest

from mmholdout.errors import RunFolderError
from mmholdout.report.summary import Summary, read_summary, write_summary

FULL = {
    'stop_reason': 'early_stop',
    'stopped_epoch': 24,
    'monitor': 'val/mAP',
    'best_epoch': 13,
    'best': 0.123456789012345,
    'message': 'val/mAP has not improved on 0.1235 (epoch 13) for 11 validations',
    'validation_cost': 'validation 24 % of the time; interval=5 would be 6 %',
    'lr_cuts': [17, 21],
    'overfitting': 'overfitting since epoch 14: ...',
    'seconds': 812.5,
    'splits': ['splits: allow_overlap=True: ...'],
}


def test_what_was_written_is_read_back(tmp_path):
    path = tmp_path / 'summary.json'
    assert write_summary(path, **FULL) == Summary(**FULL) == read_summary(path)
    assert json.loads(path.read_text(encoding='utf-8')) == FULL


def test_absent_is_absent(tmp_path):
    path = tmp_path / 'summary.json'
    write_summary(
        path, stop_reason='interrupted', stopped_epoch=2, best=float('nan'), seconds=float('inf')
    )
    stored = json.loads(path.read_text(encoding='utf-8'))
    assert stored == {'stop_reason': 'interrupted', 'stopped_epoch': 2, 'lr_cuts': [], 'splits': []}
    assert read_summary(path).best is None


def test_an_unknown_field_cannot_be_written(tmp_path):
    with pytest.raises(TypeError, match='reason'):
        write_summary(tmp_path / 'summary.json', reason='early_stop', stopped_epoch=2)
    assert not (tmp_path / 'summary.json').exists()


def test_a_field_of_a_later_version_is_ignored(tmp_path):
    path = tmp_path / 'summary.json'
    path.write_text(json.dumps({**FULL, 'energy': 3}), encoding='utf-8')
    assert read_summary(path) == Summary(**FULL)


@pytest.mark.parametrize('text', ['', '{', '[]', 'null', '{"stop_reason": "early_stop"}'])
def test_what_is_no_summary_is_refused_with_its_path(tmp_path, text):
    path = tmp_path / 'summary.json'
    path.write_text(text)
    with pytest.raises(RunFolderError, match=r'summary\.json'):
        read_summary(path)


def test_a_missing_summary_is_refused_with_its_path(tmp_path):
    with pytest.raises(RunFolderError, match=r'summary\.json does not exist'):
        read_summary(tmp_path / 'summary.json')
