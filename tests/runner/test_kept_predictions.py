import hashlib

import numpy as np
import pytest

from mmholdout.evaluation.voc_metric import VOCMetric
from mmholdout.metrics.detections import Detections
from mmholdout.metrics.stored_predictions import read_predictions_file
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.kept_predictions import options_of, predictions_of, sha256


class Metric:
    """A metric of somebody's own."""

    options = {'a': 1}


class Keeps(VOCMetric):
    predictions = {'x': Detections.empty()}


def read(tmp_path, data):
    (tmp_path / 'x.npz').write_bytes(data)
    return read_predictions_file(tmp_path / 'x.npz')


def test_of_the_first_metric_that_has_any(tmp_path):
    data = predictions_of([Metric(), Keeps(iou_thr=0.7)], {'split': 'val', 'epoch': 3})
    stored = read(tmp_path, data)
    assert list(stored.detections) == ['x']
    assert stored.about == {
        'split': 'val',
        'epoch': 3,
        'metrics': {
            'Metric': None,
            'Keeps': {
                'iou_thr': 0.7,
                'ap_mode': 'area',
                'legacy_pixel': False,
                'fixed_score_thr': 0.5,
            },
        },
    }


def test_no_metric_with_predictions():
    assert predictions_of([Metric()], {}) is None
    assert sha256(None) is None


def test_the_digest():
    assert sha256(b'abc') == hashlib.sha256(b'abc').hexdigest()
    assert options_of(object()) is None


def test_the_best_model_names_the_predictions_that_chose_it(tested_run):
    meta = read_checkpoint(tested_run / 'checkpoints' / 'best_model.pth')['meta']
    path = tested_run / 'val_predictions.npz'
    assert meta['predictions'] == sha256(path.read_bytes())
    stored = read_predictions_file(path)
    assert (stored.about['epoch'], stored.about['iter']) == (meta['epoch'], meta['iter'])
    assert stored.about['annotations'] == meta['annotations']['val']
    assert len(stored.detections) == 10
    assert all(one.scores.dtype == np.float32 for one in stored.detections.values())


@pytest.mark.guarantee
def test_a_crash_between_the_two_files_is_seen_and_mended_by_resuming(
    train_small, tmp_path, monkeypatch
):
    """best_model.pth of epoch 1, predictions of epoch 2; resumed, the run ends as if nothing."""
    from mmholdout.evaluation.voc_metric import VOCMetric
    from mmholdout.runner import runner
    from mmholdout.runner.verify import verify_run

    folder = tmp_path / 'run'
    write, compute = runner.write_checkpoint, VOCMetric.compute
    script = {'values': iter([0.1, 0.2, 0.3])}

    def better_each_time(self):
        return {**compute(self), 'F1_fixed': next(script['values'])}

    def dies(path, content, **options):
        if path.name == 'best_model.pth' and content['meta']['epoch'] == 2:
            raise ZeroDivisionError
        return write(path, content, **options)

    monkeypatch.setattr(VOCMetric, 'compute', better_each_time)
    more = "evaluation = dict(interval=1, train_eval=0, save_best='F1_fixed')\n"
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(runner, 'write_checkpoint', dies)
        train_small(more, work_dir=folder)
    problems = verify_run(str(folder)).problems
    assert any('val_predictions.npz' in one and 'resumed' in one for one in problems), problems
    script['values'] = iter([0.2, 0.3])
    train_small(more, work_dir=folder, resume='last')
    monkeypatch.undo()
    assert 'val_predictions.npz: the predictions that' in verify_run(str(folder)).text()


def test_options_are_as_a_file_gives_them_back(tmp_path):
    from mmholdout.evaluation.detection_metric import DetectionMetric

    metric = DetectionMetric(also=('coco', 'errors'))
    assert options_of(metric)['also'] == ['coco', 'errors']
