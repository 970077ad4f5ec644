from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import DataError
from mmholdout.metrics import bootstrap_fast
from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_fast import mean_over_present, replicate_aps, weighted_aps
from mmholdout.metrics.bootstrap_order import bootstrap_order
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.judged_images import JudgedImages, images_of_matches
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.metrics.voc import evaluate_voc

SEEDS = st.integers(0, 2**32)
LEVELS = st.sampled_from([1, 2, 4, None])


def repeated(judged: JudgedImages, counts: np.ndarray, curve: str) -> list[float]:
    """The plain way: write the list of images out, sort it, walk down it."""
    aps = []
    for label in range(judged.num_classes):
        total = sum(
            int(counts[image])
            for image, of in zip(judged.object_image, judged.object_labels)
            if of == label
        )
        if not total:
            aps.append(np.nan)
            continue
        rows = [
            (-judged.scores[i], judged.image[i], copy, i, judged.is_true[i])
            for i in range(len(judged))
            if judged.labels[i] == label
            for copy in range(int(counts[judged.image[i]]))
        ]
        right = np.cumsum([row[-1] for row in sorted(rows)], dtype=float)
        precision = right / np.arange(1, len(right) + 1)
        best = np.maximum.accumulate(precision[::-1])[::-1]
        if curve == 'area':
            aps.append(float(np.sum(np.diff(right, prepend=0) / total * best)))
        else:
            points = np.arange(0, 1 + 1e-3, 0.1)
            place = np.searchsorted(right / total, points, side='left')
            aps.append(float(np.append(best, np.zeros(1))[np.minimum(place, len(best))].sum() / 11))
    return aps


def judged_of(make_scene, seed, images, classes, levels) -> tuple[JudgedImages, tuple]:
    scene = make_scene(seed, images=images, classes=classes, score_levels=levels)
    try:
        result = evaluate_voc(scene[0], scene[1], [str(label) for label in range(classes)])
    except DataError as error:
        assert 'nothing to measure' in str(error)
        nothing = np.zeros(0, dtype=np.int64)
        empty = nothing.astype(bool)
        return JudgedImages(*[nothing] * 3, empty, *[nothing] * 2, images, classes), scene
    return result.judged, scene


@pytest.mark.guarantee
@settings(max_examples=60)
@given(
    seed=SEEDS,
    counts=st.lists(st.integers(0, 4), min_size=2, max_size=6),
    classes=st.sampled_from([1, 3]),
    levels=LEVELS,
    curve=st.sampled_from(['area', '11points']),
)
def test_each_replicate_is_the_list_written_out(
    make_scene, seed, counts, classes, levels, curve
) -> None:
    judged, _ = judged_of(make_scene, seed, len(counts), classes, levels)
    rng = np.random.default_rng(seed)
    weights = np.stack([counts, *rng.integers(0, 4, (6, len(counts)))], axis=1).astype(np.uint16)
    got = weighted_aps(bootstrap_order(judged), weights, curve)
    expected = [repeated(judged, column, curve) for column in weights.T]
    np.testing.assert_allclose(got.T, expected, rtol=0, atol=1e-12)


@pytest.mark.guarantee
@settings(max_examples=30)
@given(seed=SEEDS, counts=st.lists(st.integers(0, 3), min_size=2, max_size=6), levels=LEVELS)
def test_matching_the_repeated_images_again_gives_the_same(
    make_scene, seed, counts, levels
) -> None:
    judged, (found, truth, _) = judged_of(make_scene, seed, len(counts), 2, levels)
    weights = np.array(counts, dtype=np.uint16)[:, None]
    got = weighted_aps(bootstrap_order(judged), weights)
    copies = np.repeat(np.arange(len(counts)), counts)
    if np.isnan(got).all():
        assert not sum((~truth[i].ignore).sum() for i in copies)
        return
    again = evaluate_voc([found[i] for i in copies], [truth[i] for i in copies], ['a', 'b'])
    assert mean_over_present(got)[0] == pytest.approx(again.mean_aps[0.5], abs=2e-6)  # float32
    for row, ap in zip(again.per_class, got[:, 0]):
        assert np.isnan(ap) if row.ap is None else ap == pytest.approx(row.ap, abs=2e-6)


@pytest.mark.guarantee
@settings(max_examples=60)
@given(
    seed=SEEDS,
    images=st.integers(2, 6),
    classes=st.sampled_from([1, 3]),
    levels=LEVELS,
    iou_thr=st.sampled_from([0.5, 0.75]),
)
def test_each_replicate_is_cocos_count_under_those_weights(
    make_scene, seed, images, classes, levels, iou_thr
) -> None:
    found, truth, _ = make_scene(seed, images=images, classes=classes, score_levels=levels)
    found = [Detections(upright(item.bboxes), item.scores, item.labels) for item in found]
    truth = [GroundTruth(upright(item.bboxes), item.labels, item.ignore) for item in truth]
    matches = match_coco(scene_from_images(found, truth, classes))
    order = bootstrap_order(images_of_matches(matches, iou_thr))
    ranking = rank_matches(matches, [iou_thr], ['all'])
    drawn = np.random.default_rng(seed).integers(0, images, (7, images))
    counts = [np.bincount(row, minlength=images) for row in drawn]
    got = weighted_aps(order, np.stack(counts, axis=1).astype(np.uint16), 'coco')
    for column, weights in zip(got.T, counts):
        plain = accumulate(ranking, weights)
        expected = plain.precision[0, 0].mean(axis=-1)
        np.testing.assert_allclose(column, expected, rtol=0, atol=1e-12)
        mean = plain.ap(iou_thr)
        ours = mean_over_present(column[:, None])[0]
        assert np.isnan(ours) if mean is None else ours == pytest.approx(mean, abs=1e-12)


def upright(boxes: np.ndarray) -> np.ndarray:
    return 14 * np.sort(boxes.reshape(-1, 2, 2), axis=1).reshape(-1, 4)


@pytest.fixture
def larger(make_scene) -> JudgedImages:
    return judged_of(make_scene, 3, 60, 3, 30)[0]


def test_blocks_and_chunks_change_nothing(larger, monkeypatch) -> None:
    order, draws = bootstrap_order(larger), Draws(60, 41, seed=2)
    expected = replicate_aps(order, draws)
    assert expected.shape == (3, 41)
    monkeypatch.setattr(bootstrap_fast, '_ROWS', 3)
    monkeypatch.setattr(bootstrap_fast, '_BYTES', 1)
    np.testing.assert_array_equal(replicate_aps(order, draws), expected)


def test_an_image_that_counts_very_often_overflows_nothing(larger) -> None:
    untied = replace(larger, scores=larger.scores - np.arange(len(larger)) * 1e-9)
    weights = np.ones((60, 2), dtype=np.uint16)
    weights[:, 1] = 60_000
    once, often = weighted_aps(bootstrap_order(untied), weights).T
    np.testing.assert_allclose(once, often, rtol=0, atol=1e-12)


def test_memory_is_bounded(make_scene) -> None:
    rng = np.random.default_rng(0)
    rows = 60_000
    judged = JudgedImages(
        image=rng.integers(0, 1500, rows),
        labels=np.zeros(rows, int),
        scores=np.linspace(1, 0, rows),
        is_true=rng.random(rows) < 0.5,
        object_image=rng.integers(0, 1500, 40_000),
        object_labels=np.zeros(40_000, int),
        num_images=1500,
        num_classes=1,
    )
    order = bootstrap_order(judged)
    tracemalloc.start()
    try:
        replicate_aps(order, Draws(1500, 100))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100e6


def test_absent_classes_are_left_out_of_the_mean() -> None:
    aps = np.array([[0.5, np.nan, np.nan], [0.1, 0.3, np.nan]])
    np.testing.assert_allclose(mean_over_present(aps), [0.3, 0.3, np.nan])
