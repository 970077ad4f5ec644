"""VOC's and COCO's numbers and the error analysis of one run, steered by one of COCO's."""

from __future__ import annotations

import json

import pytest

from mmholdout.cli.predict import main as predict_main
from mmholdout.evaluation.ground_truth import read_ground_truth
from mmholdout.metrics.stored_predictions import read_predictions_file
from mmholdout.report.verification import Verification
from mmholdout.runner.parts import build_dataset
from mmholdout.runner.verify import verify_run
from mmholdout.runner.verify_subject import Subject

EXTRA = """
train_cfg = dict(max_epochs=2)
evaluation = dict(interval=1, metric=['mAP', 'coco', 'errors'], save_best='coco_AP50')
custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco_AP', patience=5)]
optim_wrapper = dict(optimizer=dict(lr=0.02))
"""


@pytest.fixture
def run(train_small):
    return train_small(EXTRA)


def rows_of(folder):
    rows = [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]
    return [{k: v for k, v in row.items() if 'seconds' not in k} for row in rows]


def pycocotools_numbers(truth, detections):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    numbers = {name: number for number, name in enumerate(truth)}
    objects, found = [], []
    for name, image in truth.items():
        for bbox, label, ignore in zip(image.bboxes.tolist(), image.labels, image.ignore):
            x1, y1, x2, y2 = bbox
            box = [x1, y1, x2 - x1, y2 - y1]
            objects.append(
                dict(
                    id=len(objects) + 1,
                    image_id=numbers[name],
                    category_id=int(label),
                    bbox=box,
                    area=box[2] * box[3],
                    iscrowd=int(ignore),
                )
            )
        mine = detections[str(name)]
        for bbox, label, score in zip(mine.bboxes.tolist(), mine.labels, mine.scores):
            x1, y1, x2, y2 = bbox
            box = [x1, y1, x2 - x1, y2 - y1]
            found.append(
                dict(image_id=numbers[name], category_id=int(label), bbox=box, score=float(score))
            )
    coco = COCO()
    coco.dataset = dict(
        images=[dict(id=number) for number in numbers.values()],
        categories=[dict(id=number) for number in range(4)],
        annotations=objects,
    )
    coco.createIndex()
    evaluation = COCOeval(coco, coco.loadRes(found), 'bbox')
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return evaluation.stats


def test_the_numbers_are_pycocotools_and_verified(run, tmp_path, train_small, capsys):
    rows = rows_of(run)
    assert {'val/mAP', 'val/coco_AP', 'val/tide/miss', 'val/coco_AP/nut'} <= rows[0].keys()
    summary = json.loads((run / 'summary.json').read_text())
    assert summary['monitor'] == 'val/coco_AP50'
    best = next(row for row in rows if row['epoch'] == summary['best_epoch'])
    subject = Subject(run, Verification())
    truth = read_ground_truth(build_dataset(subject.words()['val_dataloader']['dataset']))
    stored = read_predictions_file(run / 'val_predictions.npz').detections
    stats = pycocotools_numbers(truth, {str(name): found for name, found in stored.items()})
    names = ['AP', 'AP50', 'AP75', 'AP_small', 'AP_medium', 'AP_large', 'AR1', 'AR10', 'AR100']
    for name, official in zip(names, stats):
        if official == -1:
            assert f'val/coco_{name}' not in best
        else:
            assert best[f'val/coco_{name}'] == pytest.approx(official, abs=1e-9)
    found = verify_run(str(run))
    assert found.problems == []
    again = train_small(EXTRA, work_dir=tmp_path / 'again')
    assert rows_of(again) == rows

    model = str(run / 'checkpoints' / 'best_model.pth')
    image = next(subject_images(subject))
    words = [model, image, '--out-dir', str(tmp_path / 'drawn'), '--per-class-thr']
    capsys.readouterr()
    assert predict_main(words) == 0
    assert '1 pictures in' in capsys.readouterr().out


def subject_images(subject):
    dataset = build_dataset(subject.words()['val_dataloader']['dataset'])
    yield dataset.get_data_info(0)['img_path']


def test_without_errors_there_are_no_thresholds_of_the_classes(train_small, tmp_path, capsys):
    folder = train_small('train_cfg = dict(max_epochs=1)')
    model = str(folder / 'checkpoints' / 'best_model.pth')
    image = next(subject_images(Subject(folder, Verification())))
    assert predict_main([model, image, '--out-dir', str(tmp_path / 'd'), '--per-class-thr']) == 2
    assert "metric=['mAP', 'errors']" in capsys.readouterr().err
