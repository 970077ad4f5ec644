from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.metrics.confusion import confusion_matrix
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_arrays, scene_from_images

CAT, DOG = 0, 1


@pytest.fixture(scope='session')
def sized_scene(make_scene):
    """`sized_scene(seed, classes=2)`: random, with ties and crowds, without negative sides."""

    def make(seed, classes=2):
        found, truth, _ = make_scene(seed, classes=classes)
        rng = np.random.default_rng(seed)
        return scene_from_images(
            [Detections(upright(d.bboxes), d.scores, d.labels) for d in found],
            [GroundTruth(upright(g.bboxes), g.labels, g.ignore) for g in truth],
            classes,
            crowd=[g.ignore & (rng.random(len(g.ignore)) < 0.5) for g in truth],
        )

    return make


def upright(boxes):
    return np.sort(boxes.reshape(-1, 2, 2), axis=1).reshape(-1, 4)


def confusion(dets, gts, *, thr=0.0, iou_thr=0.5, classes=2, crowd=None, ignore=None, width=10):
    """Of (left, label, score) and (left, label), all 10 high at the top of one image."""
    scene = scene_from_arrays(
        [0],
        classes,
        det_images=[0] * len(dets),
        det_bboxes=[[left, 0, width, 10] for left, _, _ in dets],
        det_labels=np.array([label for _, label, _ in dets], dtype=int),
        det_scores=[score for _, _, score in dets],
        gt_images=[0] * len(gts),
        gt_bboxes=[[left, 0, width, 10] for left, _ in gts],
        gt_labels=np.array([label for _, label in gts], dtype=int),
        gt_crowd=crowd,
        gt_ignore=ignore,
    )
    return confusion_matrix(scene, thr, iou_thr)


@pytest.mark.parametrize(
    ('dets', 'gts', 'expected'),
    [
        ([], [], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ([], [(0, CAT)], [[0, 0, 1], [0, 0, 0], [0, 0, 0]]),
        ([(0, DOG, 0.9)], [], [[0, 0, 0], [0, 0, 0], [0, 1, 0]]),
        ([(0, CAT, 0.9)], [(0, CAT)], [[1, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ([(0, DOG, 0.9)], [(0, CAT)], [[0, 1, 0], [0, 0, 0], [0, 0, 0]]),
        # the higher score takes the object, right or wrong
        ([(0, DOG, 0.9), (0, CAT, 0.8)], [(0, CAT)], [[0, 1, 0], [0, 0, 0], [1, 0, 0]]),
        ([(0, DOG, 0.8), (0, CAT, 0.9)], [(0, CAT)], [[1, 0, 0], [0, 0, 0], [0, 1, 0]]),
        # of equal scores, the one given first
        ([(0, DOG, 0.9), (0, CAT, 0.9)], [(0, CAT)], [[0, 1, 0], [0, 0, 0], [1, 0, 0]]),
        # the larger overlap goes before the right class
        ([(0, CAT, 0.9)], [(1, CAT), (0, DOG)], [[0, 0, 1], [1, 0, 0], [0, 0, 0]]),
        # of equal overlaps, the right class
        ([(0, CAT, 0.9)], [(0, CAT), (0, DOG)], [[1, 0, 0], [0, 0, 1], [0, 0, 0]]),
        ([(0, CAT, 0.9)], [(0, DOG), (0, CAT)], [[1, 0, 0], [0, 0, 1], [0, 0, 0]]),
        # too far
        ([(4, CAT, 0.9)], [(0, CAT)], [[0, 0, 1], [0, 0, 0], [1, 0, 0]]),
        # any number of detections
        ([(50, CAT, 0.9)] * 150 + [(0, CAT, 0.1)], [(0, CAT)], [[1, 0, 0], [0, 0, 0], [150, 0, 0]]),
        # taken: the next best
        ([(0, CAT, 0.9), (0, CAT, 0.8)], [(0, CAT), (1, DOG)], [[1, 0, 0], [1, 0, 0], [0, 0, 0]]),
    ],
)
def test_table(dets, gts, expected) -> None:
    result = confusion(dets, gts)
    assert result.counts.tolist() == expected
    assert result.num_ignored == 0


def test_exactly_the_threshold_is_kept() -> None:
    assert confusion([(0, CAT, 0.5)], [], thr=0.5).counts.sum() == 1
    assert confusion([(0, CAT, 0.5)], [], thr=0.51).counts.sum() == 0


@pytest.mark.parametrize(('iou_thr', 'found'), [(6 / 14, 1), (0.43, 0), (1.0, 0)])
def test_exactly_the_overlap_suffices(iou_thr, found) -> None:
    assert confusion([(4, CAT, 1.0)], [(0, CAT)], iou_thr=iou_thr).counts[0, 0] == found


def test_the_same_box_overlaps_fully() -> None:
    result = confusion([(0.7, CAT, 1.0)], [(0.7, CAT)], iou_thr=1.0, width=0.1)
    assert result.counts[0, 0] == 1  # although the quotient of the floats is less


def test_an_ignored_object_excuses_its_own_class_only() -> None:
    dets = [(0, CAT, 0.9), (0, CAT, 0.8), (0, DOG, 0.7)]
    crowd = confusion(dets, [(0, CAT)], crowd=[True])
    assert (crowd.counts[2].tolist(), crowd.num_ignored) == ([0, 1, 0], 2)
    once = confusion(dets, [(0, CAT)], ignore=[True])
    assert (once.counts[2].tolist(), once.num_ignored) == ([1, 1, 0], 1)


def test_an_object_that_counts_goes_before_an_ignored_one() -> None:
    result = confusion([(0, CAT, 0.9)], [(0, CAT), (1, DOG)], ignore=[True, False])
    assert result.counts.tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 0]]


def test_one_class() -> None:
    result = confusion([(0, 0, 0.9), (50, 0, 0.8)], [(0, 0), (90, 0)], classes=1)
    assert result.counts.tolist() == [[1, 1], [1, 0]]
    np.testing.assert_array_equal(result.rates(), [[0.5, 0.5], [1, 0]])


def test_rates_of_a_class_without_objects_are_not_defined() -> None:
    rates = confusion([(0, DOG, 0.9)], [(0, CAT)]).rates()
    np.testing.assert_array_equal(rates[0], [0, 1, 0])
    assert np.isnan(rates[1:]).all()


@pytest.mark.parametrize('name', ['score_thr', 'iou_thr'])
@pytest.mark.parametrize('value', [None, 'a', float('nan'), float('inf')])
def test_impossible_thresholds(name, value) -> None:
    with pytest.raises(ConfigError, match=name):
        confusion([], [], **{name.replace('score_', ''): value})


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    classes=st.sampled_from([1, 2, 5]),
    thr=st.sampled_from([0.0, 0.5, 0.75, 2.0]),
)
def test_sums(sized_scene, seed, classes, thr) -> None:
    scene = sized_scene(seed, classes=classes)
    result = confusion_matrix(scene, thr)
    found, objects = scene.detections, scene.objects
    to_find = np.bincount(objects.labels[~objects.ignore], minlength=classes)
    kept = np.bincount(found.labels[found.scores >= thr], minlength=classes)
    assert result.counts[:-1].sum(axis=1).tolist() == to_find.tolist()
    columns = result.counts[:, :-1].sum(axis=0)
    assert (columns <= kept).all()
    assert columns.sum() + result.num_ignored == kept.sum()
    assert result.counts[-1, -1] == 0
    assert (result.counts >= 0).all()


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32), thr=st.sampled_from([0.0, 0.5]))
def test_equals_a_loop(sized_scene, seed, thr) -> None:
    scene = sized_scene(seed, classes=3)
    assert confusion_matrix(scene, thr).counts.tolist() == by_loop(scene, thr).tolist()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_known_pairs_may_hold_more_than_is_needed(sized_scene, seed) -> None:
    scene = sized_scene(seed)
    pairs = overlapping_pairs(scene, 0.1, across_classes=True)
    known, own = confusion_matrix(scene, 0.3, 0.6, pairs), confusion_matrix(scene, 0.3, 0.6)
    assert known.counts.tolist() == own.counts.tolist()


def by_loop(scene, thr):
    """The rule, one detection after the other."""
    found, objects, end = scene.detections, scene.objects, scene.num_classes
    counts = np.zeros((end + 1, end + 1), dtype=int)
    pairs = overlapping_pairs(scene, 0.5, across_classes=True)
    overlap = {(d, g): iou for d, g, iou in zip(pairs.det, pairs.gt, pairs.iou)}
    used = set()
    for det in sorted(range(len(found)), key=lambda d: -found.scores[d]):
        label = found.labels[det]
        if found.scores[det] < thr:
            continue
        near = [g for g in range(len(objects)) if (det, g) in overlap and g not in used]
        counted = [g for g in near if not objects.ignore[g]]
        excuses = [g for g in near if objects.ignore[g] and objects.labels[g] == label]
        if counted:
            best = max(counted, key=lambda g: (overlap[det, g], objects.labels[g] == label, g))
            counts[objects.labels[best], label] += 1
            used.add(best)
        elif excuses:
            best = max(excuses, key=lambda g: (overlap[det, g], g))
            if not objects.crowd[best]:
                used.add(best)
        else:
            counts[end, label] += 1
    for gt in set(range(len(objects))) - used:
        if not objects.ignore[gt]:
            counts[objects.labels[gt], end] += 1
    return counts
