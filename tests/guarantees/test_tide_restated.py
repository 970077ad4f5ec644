"""Types, counts and costs of errors beside a plain restatement of Bolya et al. 2020.

One box after the other, and nothing shared with the code under test but the arrays. Random sets
were also compared with the authors' tidecv 1.0.1; what differs is named in metrics/tide.py.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.scene_build import scene_from_arrays
from mmholdout.metrics.tide import tide


@pytest.mark.guarantee
@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    classes=st.sampled_from([1, 2, 6]),
    score_levels=st.sampled_from([1, 4, None]),
    crowd=st.sampled_from([0.0, 0.3]),
    pos_thr=st.sampled_from([0.5, 0.75]),
)
def test_equals_the_plain_restatement(seed, classes, score_levels, crowd, pos_thr) -> None:
    scene = random_scene(seed, classes, score_levels, crowd)
    got = tide(match_coco(scene), pos_thr=pos_thr)
    ap, cost, counts = restated(scene, pos_thr, 0.1)
    assert (got.ap is None) == (ap is None)
    assert {name: got.counts[name] for name in counts} == counts
    if ap is not None:
        assert got.ap == pytest.approx(ap, abs=1e-12)
        assert got.cost == pytest.approx(cost, abs=1e-12)


def random_scene(seed, classes, score_levels, crowd):
    """Boxes on a coarse grid, so that overlaps of exactly a threshold and equal ones abound."""
    rng = np.random.default_rng(seed)

    def boxes(count):
        return np.hstack([rng.integers(0, 8, (count, 2)), rng.integers(0, 8, (count, 2))])

    gt_images = np.sort(rng.integers(0, 3, rng.integers(0, 12)))
    truth, gt_labels = boxes(len(gt_images)), rng.integers(0, classes, len(gt_images))
    det_images = np.sort(rng.integers(0, 3, rng.integers(0, 30)))
    found, det_labels = boxes(len(det_images)), rng.integers(0, classes, len(det_images))
    for det, image in enumerate(det_images):
        own = np.flatnonzero(gt_images == image)
        if len(own) and rng.random() < 0.8:
            gt = rng.choice(own)
            found[det] = np.maximum(truth[gt] + rng.integers(-1, 2, 4), 0)
            det_labels[det] = gt_labels[gt] if rng.random() < 0.7 else det_labels[det]
    scores = rng.random(len(found))
    if score_levels:
        scores = np.ceil(scores * score_levels) / score_levels
    return scene_from_arrays(
        [0, 1, 2],
        classes,
        det_images=det_images,
        det_bboxes=found,
        det_labels=det_labels,
        det_scores=scores,
        gt_images=gt_images,
        gt_bboxes=truth,
        gt_labels=gt_labels,
        gt_crowd=rng.random(len(truth)) < crowd,
    )


def restated(scene, pos, bg):
    """AP, costs and counts, in plain loops."""
    found, objects, classes = scene.detections, scene.objects, range(scene.num_classes)
    dets, gts = range(len(found)), range(len(objects))
    iou = {(d, g): overlap(scene, d, g) for d, g in product(dets, gts)}
    ranked = sorted(dets, key=lambda d: -found.scores[d])
    own = {(d, g): found.labels[d] == objects.labels[g] for d, g in iou}
    counted = {g for g in gts if not objects.ignore[g]}

    match, neutral = {}, set()
    for d in ranked:
        near = [g for g in gts if (iou[d, g] or 0) >= pos and own[d, g]]
        free = [g for g in near if g in counted and g not in match.values()]
        if free:
            match[d] = max(free, key=lambda g: (iou[d, g], g))
        elif any(g not in counted for g in near):
            neutral.add(d)

    kind, about = {}, {}
    for d in ranked:
        if d in match or d in neutral:
            continue
        mine = {g: iou[d, g] for g in counted if iou[d, g] is not None and own[d, g]}
        others = {g: iou[d, g] for g in counted if iou[d, g] is not None and not own[d, g]}
        near, other = max(mine.values(), default=0), max(others.values(), default=0)
        if bg <= near <= pos:
            kind[d], about[d] = 'loc', min(g for g in mine if mine[g] == near)
        elif other >= pos:
            kind[d], about[d] = 'cls', min(g for g in others if others[g] == other)
        elif near >= pos:
            kind[d] = 'dupe'
        else:
            kind[d] = 'bkg' if max(near, other) <= bg else 'both'
    lost = counted - set(match.values())
    repairs = {g: d for d, g in reversed(about.items()) if g in lost}  # the best score is last
    missed = lost - set(repairs)
    counts = {name: list(kind.values()).count(name) for name in ('cls', 'loc', 'both', 'dupe')}
    counts |= {'bkg': list(kind.values()).count('bkg'), 'miss': len(missed)}

    present = {int(objects.labels[g]) for g in counted}
    plain = {d: (found.labels[d], found.scores[d], d in match) for d in ranked if d not in neutral}

    def ap(rows, left):
        values = []
        for label in classes:
            mine = sorted((-score, d, true) for d, (c, score, true) in rows.items() if c == label)
            number = sum(objects.labels[g] == label for g in left)
            if label in present and (mine or number):
                values.append(one_ap([true for _, _, true in mine], number))
        return sum(values) / len(values) if values else None

    def without(name):
        rows = dict(plain)
        for d in [d for d in kind if kind[d] == name]:
            _, score, _ = rows.pop(d)
            if d in repairs.values():
                rows[d] = (objects.labels[about[d]], score, True)
        return ap(rows, counted)

    base = ap(plain, counted)
    if base is None:
        return None, {}, counts
    after = {name: without(name) for name in ('cls', 'loc', 'both', 'dupe', 'bkg')}
    after['miss'] = ap(plain, counted - missed)
    after['false_pos'] = ap({d: (c, float(t), t) for d, (c, _, t) in plain.items()}, counted)
    after['false_neg'] = ap(plain, counted - lost)
    return base, {k: (1 if v is None else v) - base for k, v in after.items()}, counts


def one_ap(trues, number):
    if not number:
        return 0.0
    recalls = [sum(trues[: k + 1]) / number for k in range(len(trues))]
    precisions = [sum(trues[: k + 1]) / (k + 1) for k in range(len(trues))]
    best = [
        max((p for p, r in zip(precisions, recalls) if r >= point), default=0.0)
        for point in np.linspace(0, 1, 101)
    ]
    return sum(best) / 101


def overlap(scene, det, gt):
    """Intersection over union; of a crowd over the detection; None in another image."""
    if scene.detections.image[det] != scene.objects.image[gt]:
        return None
    (x, y, w, h), (gx, gy, gw, gh) = scene.detections.bboxes[det], scene.objects.bboxes[gt]
    inner_w, inner_h = min(x + w, gx + gw) - max(x, gx), min(y + h, gy + gh) - max(y, gy)
    if inner_w <= 0 or inner_h <= 0:
        return 0.0
    inner = inner_w * inner_h
    return inner / (w * h if scene.objects.crowd[gt] else w * h + gw * gh - inner)
