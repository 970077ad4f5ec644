from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.coco import coco_keys, evaluate_coco
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene_build import scene_from_arrays, scene_from_images

KEYS = [
    *('coco_AP', 'coco_AP50', 'coco_AP75', 'coco_AP_small', 'coco_AP_medium', 'coco_AP_large'),
    *('coco_AR1', 'coco_AR10', 'coco_AR100', 'coco_AR_small', 'coco_AR_medium', 'coco_AR_large'),
]
SIDES = np.array([1, 2, 4, 8, 16, 32, 48, 96, 128])  # 32 x 32 and 96 x 96 are the limits of sizes


def random_arrays(
    seed: int,
    images: int = 4,
    classes: int = 2,
    max_dets: int = 14,
    max_gts: int = 7,
    score_levels: int | None = 4,
    whole: bool = True,
) -> dict[str, Any]:
    """Arguments of `scene_from_arrays`; on whole pixels equal and exact overlaps abound."""
    rng = np.random.default_rng(seed)
    num_gts, num_dets = rng.integers(0, [[max_gts + 1], [max_dets + 1]], (2, images))
    gt_images = np.repeat(np.arange(images), num_gts)
    det_images = np.repeat(np.arange(images), num_dets)

    def boxes(count: int) -> np.ndarray:
        corner = rng.integers(0, 40, (count, 2)) if whole else rng.uniform(0, 40, (count, 2))
        sides = rng.choice(SIDES[rng.integers(0, len(SIDES), 3)], (count, 2))
        sides = sides * 1.0 if whole else sides * rng.uniform(0.8, 1.2, (count, 2))
        return np.hstack([corner, sides * (rng.random((count, 1)) < 0.97)])

    gt_bboxes, det_bboxes = boxes(len(gt_images)), boxes(len(det_images))
    gt_labels = rng.integers(0, classes, len(gt_images))
    det_labels = rng.integers(0, classes, len(det_images))
    for det, image in enumerate(det_images):  # most detections sit near an object
        near = np.flatnonzero(gt_images == image)
        if len(near) and rng.random() < 0.8:
            gt = rng.choice(near)
            shift = rng.integers(-2, 3, 4) if whole else rng.normal(0, 2, 4)
            moved = gt_bboxes[gt] + shift * (rng.random() < 0.7)
            det_bboxes[det] = [*moved[:2], *np.maximum(moved[2:], 0)]
            det_labels[det] = gt_labels[gt]
    scores = rng.random(len(det_images))
    if score_levels:
        scores = np.ceil(scores * score_levels) / score_levels
    gt_areas = gt_bboxes[:, 2] * gt_bboxes[:, 3]
    if rng.random() < 0.7:  # else: of the boxes
        gt_areas = gt_areas * rng.uniform(0.3, 1, len(gt_areas))
        gt_areas[::3] = rng.choice([0.0, 32**2, 96**2], len(gt_areas[::3]))
    return {
        'images': np.arange(images) * 7 + 3,
        'num_classes': classes,
        'det_images': det_images * 7 + 3,
        'det_bboxes': det_bboxes,
        'det_labels': det_labels,
        'det_scores': scores,
        'gt_images': gt_images * 7 + 3,
        'gt_bboxes': gt_bboxes,
        'gt_labels': gt_labels,
        'gt_crowd': rng.random(len(gt_images)) < 0.2,
        'gt_areas': gt_areas,
    }


def official(arrays: dict[str, Any]) -> Any:
    """pycocotools' `COCOeval` after accumulation."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truth = COCO()
    truth.dataset = {
        'images': [{'id': image} for image in arrays['images'].tolist()],
        'categories': [{'id': label} for label in range(arrays['num_classes'])],
        'annotations': [
            {
                'id': number,
                'image_id': image,
                'category_id': label,
                'bbox': box,
                'iscrowd': int(crowd),
                'area': area,
            }
            for number, (image, label, box, crowd, area) in enumerate(
                zip(
                    *(arrays[f'gt_{name}'].tolist() for name in ('images', 'labels', 'bboxes')),
                    *(arrays[f'gt_{name}'].tolist() for name in ('crowd', 'areas')),
                ),
                start=1,
            )
        ],
    }
    found = [
        {'image_id': image, 'category_id': label, 'bbox': box, 'score': score}
        for image, label, box, score in zip(
            *(arrays[f'det_{name}'].tolist() for name in ('images', 'labels', 'bboxes', 'scores'))
        )
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        if found:
            results = truth.loadRes(found)
        else:  # loadRes cannot read an empty list
            results = COCO()
            results.dataset = {**truth.dataset, 'annotations': []}
            results.createIndex()
        evaluation = COCOeval(truth, results, 'bbox')
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def assert_equals_official(arrays: dict[str, Any]) -> None:
    scene = scene_from_arrays(**arrays)
    expected = official(arrays)
    ours = accumulate(rank_matches(match_coco(scene)))
    precision = expected.eval['precision'][..., -1].transpose(0, 3, 2, 1)
    recall = expected.eval['recall'].transpose(0, 2, 1, 3)
    np.testing.assert_allclose(np.nan_to_num(ours.precision, nan=-1), precision, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.nan_to_num(ours.recall, nan=-1), recall, rtol=0, atol=1e-12)
    if scene.objects.ignore.all():
        with pytest.raises(DataError, match='nothing to measure'):
            evaluate_coco(scene, [str(label) for label in range(scene.num_classes)])
        return
    result = evaluate_coco(scene, [str(label) for label in range(scene.num_classes)])
    stats = {key: value for key, value in zip(KEYS, expected.stats) if value > -1}
    assert result.summary == pytest.approx(stats, abs=1e-12)
    for label, row in enumerate(result.per_class):
        theirs = expected.eval['precision'][:, :, label, :, -1]
        columns = [theirs[..., 0], theirs[0, :, 0], theirs[5, :, 0]]
        columns += [theirs[..., area] for area in (1, 2, 3)]
        mine = [row.ap, row.ap50, row.ap75, row.ap_small, row.ap_medium, row.ap_large]
        for own, column in zip(mine, columns):
            defined = column[column > -1]
            assert own == (pytest.approx(defined.mean(), abs=1e-12) if len(defined) else None)


@pytest.mark.guarantee
@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    images=st.integers(1, 6),
    classes=st.sampled_from([1, 2, 5]),
    score_levels=st.sampled_from([1, 3, None]),
    whole=st.booleans(),
)
def test_equal_to_pycocotools(seed, images, classes, score_levels, whole) -> None:
    assert_equals_official(
        random_arrays(seed, images, classes, score_levels=score_levels, whole=whole)
    )


@pytest.mark.guarantee
@pytest.mark.parametrize('score_levels', [5, None])
def test_equal_with_more_than_100_detections(score_levels) -> None:
    arrays = random_arrays(
        3, images=4, classes=1, max_dets=350, max_gts=30, score_levels=score_levels
    )
    assert np.bincount(arrays['det_images']).max() > 200
    assert_equals_official(arrays)


@pytest.mark.guarantee
def test_equal_with_80_classes_most_of_them_absent() -> None:
    arrays = random_arrays(1, images=6, classes=80, max_dets=60, max_gts=20)
    assert len(set(arrays['gt_labels'].tolist())) < 80
    assert_equals_official(arrays)


@pytest.mark.guarantee
@pytest.mark.parametrize('max_dets', [0, 4])
@pytest.mark.parametrize('max_gts', [0, 4])
@pytest.mark.parametrize('images', [1, 30])
def test_equal_where_much_is_empty(images, max_dets, max_gts) -> None:
    assert_equals_official(random_arrays(2, images, 3, max_dets, max_gts))


def no_scene() -> Any:
    return scene_from_images([Detections.empty()], [GroundTruth.empty()], 1)


def test_nothing_detected_is_zero_and_not_absent() -> None:
    truth = [GroundTruth([[0, 0, 10, 10]], [0], [False])]
    result = evaluate_coco(scene_from_images([Detections.empty()], truth, 1), ['cat'])
    assert result.to_dict() == {
        **dict.fromkeys(('coco_AP', 'coco_AP50', 'coco_AP75', 'coco_AP_small'), 0.0),
        **dict.fromkeys(('coco_AR1', 'coco_AR10', 'coco_AR100', 'coco_AR_small'), 0.0),
        'coco_AP/cat': 0.0,
    }


def test_absent_classes_take_no_part() -> None:
    found = [Detections([[0, 0, 10, 10]] * 2, [0.9, 0.8], [0, 1])]
    truth = [GroundTruth([[0, 0, 10, 10]], [0], [False])]
    result = evaluate_coco(scene_from_images(found, truth, 2), ['cat', 'dog'])
    assert result.to_dict()['coco_AP'] == pytest.approx(1)
    assert 'coco_AP/dog' not in result.to_dict()
    assert result.per_class[1].ap is None
    assert result.num_images == 1


def test_nothing_to_find_is_an_error() -> None:
    with pytest.raises(DataError, match=r'none of the 1 images .* nothing to measure'):
        evaluate_coco(no_scene(), ['cat'])


def test_class_names_must_fit() -> None:
    with pytest.raises(DataError, match='2 class names, but labels of 1 classes'):
        evaluate_coco(no_scene(), ['cat', 'dog'])
    with pytest.raises(ConfigError, match="'cat' is listed 2 times"):
        evaluate_coco(no_scene(), ['cat', 'cat'])


def test_keys_are_declared() -> None:
    keys = coco_keys(['cat'])
    assert list(keys) == [*KEYS, 'coco_AP/cat']
    assert set(keys.values()) == {'max'}
    assert list(coco_keys()) == KEYS
    with pytest.raises(ConfigError):
        coco_keys('cat')


def test_known_matches_are_not_computed_again(monkeypatch) -> None:
    truth = [GroundTruth([[0, 0, 10, 10]], [0], [False])]
    scene = scene_from_images([Detections([[0, 0, 10, 10]], [0.5], [0])], truth, 1)
    matches = match_coco(scene)
    monkeypatch.setattr('mmholdout.metrics.coco.match_coco', None)
    result = evaluate_coco(scene, ['cat'], matches)
    assert result.summary['coco_AP'] == pytest.approx(1)
