"""COCO's numbers and the errors during training: recorded, steering, resumed and verified."""

from __future__ import annotations

import contextlib
import io
import json

import pytest

from mmholdout.cli import report as report_command
from mmholdout.cli import test as test_command
from mmholdout.history.jsonl import History
from mmholdout.metrics import class_points
from mmholdout.metrics.coco import coco_keys
from mmholdout.metrics.stored_predictions import read_predictions_file
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.verify import verify_run

CONFIG = """
train_cfg = dict(max_epochs={epochs})
evaluation = dict(
    interval=1, train_eval=6, metric=['mAP', 'coco', 'errors'], save_best='coco_AP', iou_thr=0.4)
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='coco_AP', patience=1),
    dict(type='EarlyStoppingHook', monitor='coco_AP', patience=5),
]
"""
SECONDS = ('seconds', 'train_seconds', 'val_seconds')


def rows_of(folder):
    rows = History(folder / 'history.jsonl').rows
    return [{k: v for k, v in row.items() if k not in SECONDS} for row in rows]


@pytest.fixture(autouse=True)
def _few_objects_suffice(monkeypatch):
    monkeypatch.setattr(class_points, 'LEAST_OBJECTS', 3)


@pytest.fixture
def run(copied_run):
    return copied_run(CONFIG.format(epochs=3))


def official(dataset, detections):
    """pycocotools' twelve numbers; images are numbered in the data set's order."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def frame():
        coco = COCO()
        coco.dataset = {
            'images': [{'id': number} for number in range(1, len(dataset) + 1)],
            'categories': [{'id': k + 1} for k in range(len(dataset.metainfo['classes']))],
            'annotations': [],
        }
        return coco, coco.dataset['annotations']

    def entry(entries, image, box, label, **more):
        x1, y1, x2, y2 = map(float, box)
        side = (x2 - x1, y2 - y1)
        entries.append(
            {
                'id': len(entries) + 1,
                'image_id': image,
                'category_id': int(label) + 1,
                'bbox': [x1, y1, *side],
                'area': side[0] * side[1],
                **more,
            }
        )

    (truth, objects), (found, dets) = frame(), frame()
    for image in range(1, len(dataset) + 1):
        info = dataset.get_data_info(image - 1)
        for one in info['instances']:
            crowd = int(one['ignore_flag'])
            entry(objects, image, one['bbox'], one['bbox_label'], iscrowd=crowd)
        mine = detections[info['img_id']]
        for box, score, label in zip(mine.bboxes, mine.scores, mine.labels):
            entry(dets, image, box, label, score=float(score), iscrowd=0)
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found.createIndex()
        evaluation = COCOeval(truth, found, 'bbox')
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return {k: v for k, v in zip(coco_keys(), evaluation.stats) if v > -1}


@pytest.mark.guarantee
def test_recorded_numbers_are_pycocotools_of_the_stored_predictions(run):
    from mmholdout.config.translate import translate
    from mmholdout.runner.parts import build_dataset
    from mmholdout.runner.resolved_config import read_resolved

    words = translate(read_resolved(run / 'config.py'))
    dataset = build_dataset(words['val_dataloader']['dataset'])
    best = json.loads((run / 'summary.json').read_text())
    assert (best['monitor'], best['mode']) == ('val/coco_AP', 'max')
    row = next(row for row in rows_of(run) if row['epoch'] == best['best_epoch'])
    assert best['best'] == row['val/coco_AP'] == max(r['val/coco_AP'] for r in rows_of(run))
    expected = official(dataset, read_predictions_file(run / 'val_predictions.npz').detections)
    recorded = {key: row[f'val/{key}'] for key in coco_keys() if f'val/{key}' in row}
    assert recorded == pytest.approx(expected, abs=1e-9)
    assert len(expected) > 6 and 'val/tide/miss' in row and 'train_eval/coco_AP' in row


@pytest.mark.guarantee
def test_a_resumed_run_is_identical_and_verified(run, train_small, tmp_path):
    short = train_small(CONFIG.format(epochs=1), work_dir=tmp_path / 'resumed')
    train_small(CONFIG.format(epochs=3), work_dir=short, resume='last')
    assert rows_of(short) == rows_of(run)
    assert (
        read_checkpoint(short / 'checkpoints' / 'best_model.pth')['meta']['class_score_thrs']
        == (read_checkpoint(run / 'checkpoints' / 'best_model.pth')['meta']['class_score_thrs'])
    )
    found = verify_run(str(short))
    assert not found.problems, found.problems
    assert any('score thresholds of' in line for line in found.passed)


def test_test_and_report_tell_it(run, small_config, tmp_path, capsys):
    config = small_config(CONFIG.format(epochs=3))
    best = run / 'checkpoints' / 'best_model.pth'
    assert test_command.main([str(config), str(best), '--device', 'cpu']) == 0
    out = capsys.readouterr().out
    assert 'test: coco AP = ' in out and 'errors (IoU 0.4)' in out
    assert 'classes at their own score thresholds' in out
    stored = json.loads((run / 'test.json').read_text())
    chosen = read_checkpoint(best)['meta']
    assert stored['test/score_thr'] == chosen['chosen']['val/score_thr']
    assert chosen['class_score_thrs']
    for name in chosen['classes']:  # no threshold is chosen on the test split
        thr = chosen['class_score_thrs'].get(name, stored['test/score_thr'])
        assert stored.get(f'test/score_thr/{name}', thr) == thr
    assert report_command.main([str(run)]) == 0
    out = capsys.readouterr().out
    assert 'Epoch 3: mAP@0.4 = ' in out and out.count('  coco AP = ') == 3
    assert 'best val/coco_AP = ' in out
    found = verify_run(str(run))
    assert not found.problems, found.problems
