"""Seconds that evaluators take for the same detections, all in one run.

    python benchmarks/evaluation.py [--peer-path FOLDER] [--images 1000] [--classes 20] [--dets 200]
    python benchmarks/evaluation.py --growth [--largest]

FOLDER holds an unpacked wheel of faster-coco-eval, which is not among our dependencies. The first
call of each contender is timed apart from the median of the others. Reading files is not timed, but
each contender's own preparation of what a detector returns is (`prepare`). `--growth` runs our
evaluator in fresh processes on larger and larger sets, with the peak memory; `--largest` adds
40,000 images.

With `--digits` many scores are equal; mmdet's `eval_map` then differs from our VOC mAP, because it
leaves the order of equal scores to an unstable sort.
"""

import argparse
import contextlib
import io
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
from evaluation_peers import eval_map_peer, faster_coco_peer, pycocotools_peer

from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.metrics.voc import evaluate_voc

OBJECTS_PER_IMAGE = 8  # COCO has 7.3
# images, classes, detections per image
GROWTH = [(250, 20, 200), (1000, 20, 200), (4000, 20, 200), (1000, 80, 200), (5000, 80, 100)]
LARGEST = [(40000, 80, 100)]


def split_of(images, classes, dets, digits=None, seed=0):
    """Detections and objects per image: 60 % of the detections sit near an object.

    Args:
        images: how many.
        classes: how many.
        dets: detections per image.
        digits: round scores so that some are equal; None does not.
        seed: of the generator.
    """
    rng = np.random.default_rng(seed)
    detections, ground_truth = [], []
    for _ in range(images):
        corner = rng.uniform(0, 400, (OBJECTS_PER_IMAGE, 2))
        truth = np.hstack([corner, corner + np.exp(rng.uniform(2, 5.5, (OBJECTS_PER_IMAGE, 2)))])
        labels = rng.integers(0, classes, OBJECTS_PER_IMAGE)
        ground_truth.append(GroundTruth(truth, labels, rng.random(OBJECTS_PER_IMAGE) < 0.02))
        corner = rng.uniform(0, 400, (dets, 2))
        boxes = np.hstack([corner, corner + np.exp(rng.uniform(2, 5.5, (dets, 2)))])
        own_labels = rng.integers(0, classes, dets)
        near = rng.random(dets) < 0.6
        which = rng.integers(0, OBJECTS_PER_IMAGE, dets)
        sides = (truth[:, 2:] - truth[:, :2])[which]
        moved = truth[which] + rng.normal(0, 0.12, (dets, 4)) * np.tile(sides, 2)
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
        boxes[near] = moved[near]
        same = near & (rng.random(dets) < 0.8)
        own_labels[same] = labels[which][same]
        scores = np.where(near, rng.beta(2, 2, dets), rng.beta(1, 5, dets))
        scores = scores.astype(np.float32)
        if digits is not None:
            scores = np.round(scores, digits)
        detections.append(Detections(boxes, scores, own_labels))
    return detections, ground_truth


def ours(detections, ground_truth, classes):
    names = [str(label) for label in range(classes)]
    scene = scene_from_images(detections, ground_truth, classes)
    return lambda: evaluate_coco(scene_copy(scene), names).summary


def scene_copy(scene):
    """The same arrays without what the last evaluation left sorted."""
    return type(scene)(scene.image_names, scene.num_classes, scene.detections, scene.objects)


def timed(function):
    start = time.perf_counter()
    value = function()
    return value, time.perf_counter() - start


def compare(args):
    data = split_of(args.images, args.classes, args.dets, args.digits)
    names = [str(label) for label in range(args.classes)]
    contenders = {
        'mmholdout COCO': ours,
        'faster-coco-eval': faster_coco_peer(args.peer_path),
        'pycocotools': pycocotools_peer,
        'mmholdout VOC mAP': lambda dets, gts, _: (
            lambda: {'mAP': evaluate_voc(dets, gts, names).to_dict()['mAP']}
        ),
        'mmdet eval_map': eval_map_peer,
    }
    print(
        f'{args.images} images x {args.classes} classes x {args.dets} detections, '
        f'{args.images * OBJECTS_PER_IMAGE} objects; seconds; {args.repeats} rounds'
    )
    print(f'{"":18} {"prepare":>8} {"first":>8} {"median":>8} {"least":>8}  value')
    runs, times, values = {}, {}, {}
    for name, contender in contenders.items():
        if contender is None:
            print(f'{name:18} not measured: give --peer-path FOLDER with its unpacked wheel')
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            runs[name], prepare = timed(lambda c=contender: c(*data, args.classes))
            values[name], first = timed(runs[name])
        times[name] = [prepare, first]
    for _ in range(args.repeats):  # in turns, so that a busy machine is busy for all
        for name, run in runs.items():
            with contextlib.redirect_stdout(io.StringIO()):
                times[name].append(timed(run)[1])
    for name, (prepare, first, *others) in times.items():
        value = next(iter(values[name].values()))
        print(
            f'{name:18} {prepare:8.3f} {first:8.3f} {statistics.median(others):8.3f} '
            f'{min(others):8.3f}  {value:.12f}'
        )
    reference = values['pycocotools']
    worst = max(abs(values['mmholdout COCO'][key] - value) for key, value in reference.items())
    print(f'largest difference of the twelve numbers from pycocotools: {worst:.1e}')


def stages(args):
    """Where our time goes, and what one bootstrap replicate costs."""
    data = split_of(args.images, args.classes, args.dets, args.digits)
    rows = Counter()
    for _ in range(args.repeats):
        scene, rows['scene'] = timed(lambda: scene_from_images(*data, args.classes))
        matches, rows['match'] = timed(lambda s=scene: match_coco(s))
        ranking, rows['rank'] = timed(lambda m=matches: rank_matches(m))
        _, rows['accumulate'] = timed(lambda r=ranking: accumulate(r))
        ap50 = rank_matches(matches, [0.5], ['all'])
        counts = np.bincount(
            np.random.default_rng(0).integers(0, args.images, args.images), minlength=args.images
        )
        _, rows['accumulate, weights'] = timed(lambda r=ranking, w=counts: accumulate(r, w))
        _, rows['accumulate, weights, AP50 only'] = timed(lambda r=ap50, w=counts: accumulate(r, w))
    print('stages, last round: ' + ', '.join(f'{name} {s:.4f}' for name, s in rows.items()))


def one_size(images, classes, dets):
    """A child process: time and memory of one size."""
    data = split_of(images, classes, dets)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    names = [str(label) for label in range(classes)]
    scene, building = timed(lambda: scene_from_images(*data, classes))
    _, seconds = timed(lambda: evaluate_coco(scene, names))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f'{images:6} images x {classes:2} classes x {dets} detections: '
        f'{building:6.2f} s scene, {seconds:6.2f} s COCO, '
        f'memory {before / 1024:6.0f} MiB before, at most {after / 1024:6.0f} MiB'
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--images', type=int, default=1000)
    parser.add_argument('--classes', type=int, default=20)
    parser.add_argument('--dets', type=int, default=200)
    parser.add_argument('--digits', type=int, help='round scores, so that some are equal')
    parser.add_argument('--repeats', type=int, default=3)
    parser.add_argument('--peer-path', type=Path)
    parser.add_argument('--growth', action='store_true')
    parser.add_argument('--largest', action='store_true')
    parser.add_argument('--one-size', type=int, nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one_size:
        one_size(*args.one_size)
    elif args.growth:
        for size in GROWTH + LARGEST * args.largest:
            subprocess.run([sys.executable, __file__, '--one-size', *map(str, size)], check=True)
    else:
        compare(args)
        stages(args)


if __name__ == '__main__':
    main()
