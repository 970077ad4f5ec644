from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mmholdout.errors import ConfigError
from mmholdout.hooks.best_sample import BestSample
from mmholdout.metrics.bootstrap_order import bootstrap_order
from mmholdout.metrics.paired_bootstrap import paired_bootstrap


def run_with(result, images=60, others=()):
    loaders = {'val': SimpleNamespace(dataset=range(images))}
    metrics = [*others, SimpleNamespace(result=result)]
    return SimpleNamespace(val_loop=SimpleNamespace(metrics=metrics, loaders=loaders))


def test_the_comparison_is_that_of_the_metrics(voc_results):
    good, bad = voc_results[0], voc_results[1]
    sample = BestSample()
    first = sample.of_validation(run_with(bad), 'val/mAP')
    assert not sample and sample.p_better(first) is None
    sample.keep(first)
    assert sample
    now = sample.of_validation(run_with(good, others=[object()]), 'val/mAP')
    expected = paired_bootstrap(bootstrap_order(good.judged), bootstrap_order(bad.judged))
    assert sample.p_better(now) == expected.p_better > 0.9


def test_one_class_alone(voc_results):
    order = bootstrap_order(voc_results[0].judged)
    got = BestSample().of_validation(run_with(voc_results[0]), 'val/AP/dog')
    np.testing.assert_array_equal(got.image, order.of_class(1).image)
    assert got.num_classes == 1


def test_the_way_to_a_checkpoint_and_back(voc_results, tmp_path):
    sample, again = BestSample(), BestSample()
    assert sample.state_dict() == {}
    again.load_state_dict({})
    assert not again
    order = sample.of_validation(run_with(voc_results[1]), 'val/mAP')
    sample.keep(order)
    torch.save(sample.state_dict(), tmp_path / 'state.pth')
    again.load_state_dict(torch.load(tmp_path / 'state.pth', weights_only=True))
    for name, value in sample._best.state().items():
        other = again._best.state()[name]
        np.testing.assert_array_equal(other, value)
        assert np.asarray(other).dtype == np.asarray(value).dtype
    now = sample.of_validation(run_with(voc_results[0]), 'val/mAP')
    assert again.p_better(now) == sample.p_better(now)


def test_too_few_images_are_refused(voc_results):
    BestSample.check(run_with(voc_results[0], images=50))
    with pytest.raises(ConfigError, match='needs at least 50 val images, there are 49'):
        BestSample.check(run_with(voc_results[0], images=49))


def test_a_metric_that_leaves_no_detections():
    with pytest.raises(ConfigError, match='significance needs VOCMetric'):
        BestSample().of_validation(run_with(None), 'val/mAP')
