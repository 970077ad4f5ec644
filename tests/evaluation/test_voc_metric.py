from __future__ import annotations

import gc
import multiprocessing
import weakref

import pytest
import torch

from mmholdout.errors import ConfigError, DataError
from mmholdout.evaluation.voc_metric import VOCMetric
from mmholdout.registry import METRICS


@pytest.fixture
def dataset(make_dataset, boxes):
    a, b = boxes
    return make_dataset({'x': [(a, 0, 0), (b, 1, 1)], 'y': [(b, 0, 0)], 'empty': []})


def run(metric, dataset, batches, **kwargs) -> dict[str, float]:
    metric.begin(dataset, **kwargs)
    for batch in batches:
        metric.process(None, batch)
    return metric.compute()


@pytest.fixture
def perfect(make_sample, boxes):
    a, b = boxes
    return [
        [make_sample('x', [a], [0.9], [0]), make_sample('y', [b], [0.6], [0])],
        [make_sample('empty')],
    ]


def test_a_pass_in_any_order(dataset, perfect) -> None:
    metric = METRICS.build({'type': 'VOCMetric'})
    values = run(metric, dataset, reversed(perfect))
    assert values['mAP'] == values['AP50'] == values['AP/cat'] == values['F1'] == 1.0
    assert 'AP/dog' not in values  # its one object is difficult
    assert values['score_thr'] == pytest.approx(0.6)
    assert metric.result.num_images == 3
    assert [(row.name, row.gts, row.ignored) for row in metric.result.per_class] == [
        ('cat', 2, 0),
        ('dog', 0, 1),
    ]


def test_keys_are_those_declared(dataset, perfect) -> None:
    declared = VOCMetric.declared_keys(['cat', 'dog'])
    assert set(run(VOCMetric(), dataset, perfect)) == set(declared) - {'AP/dog'}
    assert declared['mAP'] == 'max'


def test_options_reach_the_evaluation(dataset, perfect) -> None:
    metric = VOCMetric(iou_thr=0.7, ap_mode='11points', legacy_pixel=True, score_thr=0.8)
    values = run(metric, dataset, perfect)
    assert values['recall_fixed'] == 0.5
    assert metric.result.options == metric.options
    assert (metric.options.iou_thr, metric.options.legacy_pixel) == (0.7, True)


def test_the_threshold_of_a_pass(dataset, perfect) -> None:
    metric = VOCMetric()
    assert run(metric, dataset, perfect, score_thr=0.7)['recall'] == 0.5
    assert run(metric, dataset, perfect)['recall'] == 1.0  # it was for that pass only


def test_a_pass_starts_from_nothing(dataset, perfect, make_sample) -> None:
    metric = VOCMetric()
    run(metric, dataset, perfect)
    nothing = [[make_sample(name) for name in ('x', 'y', 'empty')]]
    assert run(metric, dataset, nothing)['mAP'] == 0.0
    metric.begin(dataset)
    assert metric.result is None


def test_annotations_are_read_once_per_dataset(dataset, make_dataset) -> None:
    metric, other = VOCMetric(), make_dataset({'z': []})
    for _ in range(3):
        metric.begin(dataset)
        metric.begin(other)
    assert (dataset.reads, other.reads) == (3, 1)


def test_a_dataset_is_not_kept_alive(make_dataset) -> None:
    metric, dataset = VOCMetric(), make_dataset({'z': []})
    metric.begin(dataset)
    reference = weakref.ref(dataset)
    del dataset
    gc.collect()
    assert reference() is None


def test_every_image_must_be_reached(dataset, perfect) -> None:
    with pytest.raises(DataError, match="1 of 3 images have no predictions: 'empty'"):
        run(VOCMetric(), dataset, perfect[:1])


def test_an_image_of_another_split(dataset, make_sample) -> None:
    with pytest.raises(DataError, match="'stranger'"):
        run(VOCMetric(), dataset, [[make_sample('stranger')]])


def test_nan_names_the_image(dataset, perfect, make_sample, boxes) -> None:
    broken = make_sample('empty', [boxes[0]], [float('nan')], [0])
    with pytest.raises(DataError, match="image 'empty' has a detection with score nan"):
        run(VOCMetric(), dataset, [perfect[0], [broken]])


def test_an_image_counts_once(dataset, perfect, make_sample, boxes) -> None:
    again = make_sample('empty', [boxes[0]], [0.95], [0])
    assert run(VOCMetric(), dataset, [*perfect, [again]])['mAP'] == 1.0


def test_begin_comes_first(perfect) -> None:
    with pytest.raises(RuntimeError, match='begin'):
        VOCMetric().process(None, perfect[0])
    with pytest.raises(RuntimeError, match='begin'):
        VOCMetric().compute()


@pytest.mark.parametrize('kwargs', [{'iou_thr': 50}, {'ap_mode': 'x'}, {'score_thr': 'x'}])
def test_arguments_are_checked_without_data(kwargs) -> None:
    with pytest.raises(ConfigError):
        VOCMetric(**kwargs)


def _rank(rank: int, address: str, dataset, batches, answers) -> None:
    torch.distributed.init_process_group('gloo', init_method=address, rank=rank, world_size=2)
    try:
        answers.put(run(VOCMetric(), dataset, batches))
    except DataError as error:
        answers.put(str(error))
    finally:
        torch.distributed.destroy_process_group()


def on_two_ranks(tmp_path, dataset, of_rank) -> list:
    context = multiprocessing.get_context('fork')
    answers = context.Queue()
    address = f'file://{tmp_path}/rendezvous'
    ranks = [
        context.Process(target=_rank, args=(rank, address, dataset, batches, answers), daemon=True)
        for rank, batches in enumerate(of_rank)
    ]
    for rank in ranks:
        rank.start()
    received = [answers.get(timeout=60) for _ in ranks]
    for rank in ranks:
        rank.join(timeout=60)
    return received


def test_two_ranks_equal_one(tmp_path, dataset, perfect, make_sample, boxes) -> None:
    """The sampler padded rank 1 with an image of rank 0."""
    x, y = perfect[0]
    wrong = make_sample('empty', [boxes[1]], [0.7], [0])
    expected = run(VOCMetric(), dataset, [[x, y, wrong]])
    assert on_two_ranks(tmp_path, dataset, [[[x], [wrong]], [[y], [x]]]) == [expected] * 2


def test_an_error_is_raised_on_every_rank(tmp_path, dataset, perfect) -> None:
    x, y = perfect[0]
    received = on_two_ranks(tmp_path, dataset, [[[x]], [[y]]])
    assert len(received) == 2
    assert all("no predictions: 'empty'" in message for message in received)


def test_stored_predictions_give_the_same_numbers(dataset, perfect) -> None:
    metric, again = VOCMetric(), VOCMetric()
    expected = run(metric, dataset, perfect)
    assert list(metric.predictions) == ['x', 'y', 'empty']  # in dataset order
    again.begin(dataset)
    again.take({str(image_id): found for image_id, found in metric.predictions.items()})
    assert again.compute() == expected
    with pytest.raises(DataError, match="'stranger', which the dataset has not"):
        again.take({'stranger': metric.predictions['x']})


def test_predictions_of_the_pass_before_do_not_stay(dataset, perfect) -> None:
    metric = VOCMetric()
    run(metric, dataset, perfect)
    metric.begin(dataset)
    with pytest.raises(KeyError):
        _ = metric.predictions
