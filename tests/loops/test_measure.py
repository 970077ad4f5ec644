from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from mmholdout.loops.measure import measure


class Detector(nn.Module):
    def val_step(self, batch):
        return [f'prediction of {i}' for i in batch]


class Loader:
    dataset = 'the dataset'

    def __iter__(self):
        return iter([[1, 2], [3]])


class Metric:
    def __init__(self, key):
        self.key, self.calls = key, []

    def begin(self, dataset, score_thr=None):
        self.calls.append(('begin', dataset, score_thr))

    def process(self, batch, predictions):
        self.calls.append(('process', batch, predictions))

    def compute(self):
        return {self.key: 0.5}


def test_every_batch_goes_to_every_metric_once():
    metrics = [Metric('a'), Metric('b')]
    values = measure(Detector(), Loader(), metrics, loss_group=None, score_thr=0.3)
    assert values == {'a': 0.5, 'b': 0.5}
    for metric in metrics:
        assert metric.calls == [
            ('begin', 'the dataset', 0.3),
            ('process', [1, 2], ['prediction of 1', 'prediction of 2']),
            ('process', [3], ['prediction of 3']),
        ]


def test_callbacks_in_order():
    seen = []
    measure(
        Detector(),
        Loader(),
        [],
        loss_group=None,
        before_batch=lambda *args: seen.append(('before', args[0])),
        after_batch=lambda *args: seen.append(('after', args[0])),
    )
    assert seen == [('before', 0), ('after', 0), ('before', 1), ('after', 1)]


@pytest.mark.parametrize(('batch_size', 'group'), [(1, 4), (3, 4), (5, 4), (10, 4)])
def test_loss_and_predictions_do_not_depend_on_the_forward_batch(small_parts, batch_size, group):
    values = small_parts.measure(batch_size, group)
    reference = small_parts.measure(4, group)
    assert values.keys() == reference.keys()
    for key, value in reference.items():
        assert values[key] == pytest.approx(value, rel=1e-5), key


def test_the_loss_is_that_of_training(small_parts):
    """Grouped as training groups, with the model in eval mode, it is model.loss on each group."""
    model, loader = small_parts.model, small_parts.loader(4)
    total, images = 0.0, 0
    with torch.no_grad():
        for batch in loader:
            data = model.data_preprocessor(batch, False)
            loss, _ = model.parse_losses(model(**data, mode='loss'))
            total += float(loss) * len(batch['inputs'])
            images += len(batch['inputs'])
    assert small_parts.measure(7, 4)['loss'] == pytest.approx(total / images, rel=1e-6)


def test_group_of_one_is_another_loss(small_parts):
    """Why groups are fixed: the loss of a set depends on how it is grouped."""
    assert small_parts.measure(4, 1)['loss'] != pytest.approx(
        small_parts.measure(4, 4)['loss'], rel=1e-3
    )


@pytest.fixture(scope='module')
def small_parts(tmp_path_factory, small_sample):
    from mmengine.config import ConfigDict
    from mmengine.registry import DefaultScope

    from mmholdout.config.load import load
    from mmholdout.config.translate import translate
    from mmholdout.evaluation.voc_metric import VOCMetric
    from mmholdout.registry import MODELS
    from mmholdout.runner.parts import build_split

    root = tmp_path_factory.getbasetemp()
    path = root / 'parts.py'

    path.write_text(
        f'_base_ = [{str(Path(__file__).parents[2] / "configs/ssdlite_sample.py")!r}]\n'
    )
    words = translate(load(path, {'data_root': str(small_sample)}).cfg)
    with DefaultScope.overwrite_default_scope('mmholdout'):
        torch.manual_seed(0)
        model = MODELS.build(ConfigDict(words['model']))
        model.init_weights()
    model.eval()

    def loader(batch_size):
        words['val_dataloader']['batch_size'] = batch_size
        return build_split(words, 'val', seed=0)

    def run(batch_size, group):
        with torch.no_grad():
            return measure(model, loader(batch_size), [VOCMetric()], loss_group=group)

    return SimpleNamespace(model=model, loader=loader, measure=run)
