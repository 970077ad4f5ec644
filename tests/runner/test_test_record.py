import json

import pytest

from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError
from mmholdout.history.run_digests import read_digests, sha256_of
from mmholdout.runner.resolved_config import read_resolved
from mmholdout.runner.test_record import NAMES, TestRecord
from mmholdout.splits.file_record import combined, read_file_record


@pytest.fixture
def cfg(tested_run):
    return {
        **read_resolved(tested_run / 'test_config.py'),
        'data_root': str(tested_run.parents[1] / 'data'),
    }


def test_four_files_of_which_test_json_names_the_others(cfg, tmp_path):
    record = TestRecord(tmp_path / 'new' / 'folder', cfg, translate(cfg))
    assert record.write({'use': 2, 'test/mAP': 0.1}, b'predictions') == []
    result = json.loads((record.folder / 'test.json').read_text())
    assert (result['use'], result['test/mAP']) == (2, 0.1)
    assert result['predictions'] == sha256_of(record.folder / 'test_predictions.npz')
    files = read_file_record(record.folder / 'test_annotations.json')['test']
    assert result['annotations'] == record.annotations == combined(files)
    assert len(files) == 9  # the list and eight annotations
    assert read_resolved(record.folder / 'test_config.py') == cfg
    assert set(read_digests(record.folder)) == set(NAMES)


def test_without_predictions_old_ones_do_not_stay(cfg, tmp_path):
    record = TestRecord(tmp_path, cfg, translate(cfg))
    record.write({'use': 1}, b'predictions')
    record.write({'use': 2}, None)
    assert not (tmp_path / 'test_predictions.npz').exists()
    assert json.loads((tmp_path / 'test.json').read_text())['predictions'] is None
    assert 'test_predictions.npz' not in read_digests(tmp_path)


def test_in_the_folder_of_a_run_its_record_is_kept(cfg, tested_run):
    before = read_digests(tested_run)
    (tested_run / 'history.jsonl').write_text('changed')
    TestRecord(tested_run, cfg, translate(cfg)).write({'use': 2}, b'predictions')
    after = read_digests(tested_run)
    assert after['history.jsonl'] == before['history.jsonl']
    assert after['test.json'] != before['test.json']


def test_a_config_that_cannot_be_written_is_refused_at_once(cfg, tmp_path):
    with pytest.raises(ConfigError, match='cannot be written'):
        TestRecord(tmp_path, {**cfg, 'model': {'type': dict}}, translate(cfg))
