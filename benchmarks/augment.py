"""The training pipeline of SSD from JPEG files: mmdet's transforms and ours, in one run.

    python benchmarks/augment.py                      on images that it makes, 640 x 480 px
    python benchmarks/augment.py --images FOLDER      on the JPEG files of a folder

Prints images a second on one core, from the file to the packed sample of 300 px: medians over
rounds in which every pipeline makes all images, in turn and from the same seeds; and medians of
the ratio to mmdet's pipeline in the same round, which other work on the machine disturbs least.
Below it the milliseconds of each transform (medians over images), and how far boxes and pixels
are from mmdet's. Times are those of this process's thread, not of the clock on the wall. Boxes
are drawn: one to eight an image, 40 to 400 px long.
"""

import argparse
import copy
import platform
import statistics
import tempfile
import time
from pathlib import Path

import cv2
import mmdet
import numpy as np
import torch

import mmholdout.datasets  # noqa: F401 - registers the transforms
from mmholdout.registry import TRANSFORMS
from mmholdout.sample.scene import render

SIZE = (640, 480)
COUNTS = (1, 1, 1, 1, 2, 2, 3, 4, 6, 8)
TARGETS = {'SSDAugmentation': 5.0, 'with CachedImages': 8.0}
CHAIN = [
    {'type': 'mmdet.PhotoMetricDistortion'},
    {
        'type': 'mmdet.Expand',
        'mean': [123.675, 116.28, 103.53],
        'to_rgb': True,
        'ratio_range': (1, 4),
    },
    {'type': 'mmdet.MinIoURandomCrop', 'min_ious': (0.1, 0.3, 0.5, 0.7, 0.9), 'min_crop_size': 0.3},
    {'type': 'mmdet.Resize', 'scale': (300, 300), 'keep_ratio': False},
    {'type': 'mmdet.RandomFlip', 'prob': 0.5},
]
READ, BOXES, PACK = (
    {'type': f'mmdet.{name}'} for name in ('LoadImageFromFile', 'LoadAnnotations', 'PackDetInputs')
)


def pipelines():
    """Name -> transforms; mmdet's own comes first."""
    ours = {'type': 'SSDAugmentation', 'transforms': CHAIN}
    words = {
        'mmdet': [READ, BOXES, *CHAIN, PACK],
        'SSDAugmentation': [READ, BOXES, ours, PACK],
        'with decode_scale': [BOXES, dict(ours, decode_scale=True), PACK],
        'with CachedImages': [{'type': 'CachedImages', 'max_bytes': 10**9}, BOXES, ours, PACK],
    }
    return {
        name: [TRANSFORMS.build(copy.deepcopy(step)) for step in steps]
        for name, steps in words.items()
    }


def make_images(folder, count, quality):
    """Pictures of 16 scenes of the sample set each: as much detail as a photograph has."""
    for number in range(count):
        rng = np.random.default_rng([1, number])
        tiles = [cv2.resize(render(rng).image, (SIZE[0] // 4, SIZE[1] // 4)) for _ in range(16)]
        picture = np.vstack([np.hstack(tiles[i : i + 4]) for i in range(0, 16, 4)])
        path = str(folder / f'{number:04d}.jpg')
        cv2.imwrite(path, picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def infos_of(folder):
    """What a data set says of each image, with boxes that are drawn."""
    infos = []
    for number, path in enumerate(sorted([*folder.glob('*.jpg'), *folder.glob('*.jpeg')])):
        height, width = cv2.imread(str(path)).shape[:2]
        rng = np.random.default_rng([2, number])
        sides = np.exp(rng.uniform(np.log(40), np.log(400), (rng.choice(COUNTS), 2)))
        sides = np.minimum(sides, (width, height))
        corners = rng.uniform(0, 1, sides.shape) * ((width, height) - sides)
        bboxes = np.hstack([corners, corners + sides]).tolist()
        instances = [{'bbox': b, 'bbox_label': 0, 'ignore_flag': 0} for b in bboxes]
        size = {'height': height, 'width': width}
        infos.append(dict(img_path=str(path), img_id=number, instances=instances, **size))
    return infos


def run(steps, infos, seed, spent=None):
    """Make every sample; gives the seconds that it took, and keeps those of each transform."""
    total = 0.0
    for number, info in enumerate(infos):
        np.random.seed(seed * len(infos) + number)
        results = dict(info)
        start = time.thread_time()
        for step in steps:
            before = time.thread_time()
            results = step(results)
            if spent is not None:
                name = type(step).__name__
                spent.setdefault(name, []).append(time.thread_time() - before)
        total += time.thread_time() - start
    return total


def speeds(built, infos, rounds):
    """Name -> images a second of processor time, and how many times mmdet's: medians."""
    times = {name: [] for name in built}
    for steps in built.values():
        run(steps, infos, 0)  # files come into memory, images into the cache
    for seed in range(rounds):
        for name, steps in built.items():
            times[name].append(run(steps, infos, seed))
    return {
        name: (
            len(infos) / statistics.median(seconds),
            statistics.median(theirs / ours for theirs, ours in zip(times['mmdet'], seconds)),
        )
        for name, seconds in times.items()
    }


def print_speed(built, infos, rounds):
    print('| pipeline | images/s per core | ratio | target | |')
    print('|---|---|---|---|---|')
    for name, (rate, ratio) in speeds(built, infos, rounds).items():
        target = TARGETS.get(name)
        verdict = '' if target is None else 'met' if ratio >= target else 'short'
        wanted = '' if target is None else f'>= {target:g}'
        print(f'| {name} | {rate:.0f} | {ratio:.1f} | {wanted} | {verdict} |')


def print_profile(built, infos):
    spent = {name: {} for name in built}
    for name, steps in built.items():
        run(steps, infos, 1, spent[name])
    transforms = dict.fromkeys(name for of_one in spent.values() for name in of_one)
    print(f'\n| ms an image, median (mean) | {" | ".join(built)} |')
    print('|---' * (len(built) + 1) + '|')
    for transform in transforms:
        cells = [
            f'{statistics.median(s) * 1e3:.2f} ({statistics.mean(s) * 1e3:.2f})' if s else ''
            for s in (spent[name].get(transform) for name in built)
        ]
        print(f'| {transform} | {" | ".join(cells)} |')


def print_differences(built, infos, draws):
    """Of boxes and of pixels, in grey levels, against mmdet's from the same draws."""
    print(f'\n| against mmdet, {draws} draws | boxes | mean | within 4 | worst: mean, within 4 |')
    print('|---|---|---|---|---|')
    for name in list(built)[1:]:
        rows, equal = [], 0
        for draw in range(draws):
            made = []
            for steps in (built['mmdet'], built[name]):
                np.random.seed(draw)
                results = dict(infos[draw % len(infos)])
                for step in steps:
                    results = step(results)
                made.append(results)
            theirs, ours = (one['inputs'].float() for one in made)
            boxes = [one['data_samples'].gt_instances.bboxes.tensor for one in made]
            equal += torch.equal(*boxes)
            error = (theirs - ours).abs()
            rows.append((float(error.mean()), float((error < 4).float().mean())))
        means, within = zip(*rows)
        print(
            f'| {name} | {equal} of {draws} equal | {statistics.mean(means):.3f} '
            f'| {statistics.mean(within):.3%} | {max(means):.3f}, {min(within):.2%} |'
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--images', type=Path, help='a folder of JPEG files')
    parser.add_argument('--count', type=int, default=48, help='of images that are made')
    parser.add_argument('--quality', type=int, default=90, help='of their JPEG files')
    parser.add_argument('--rounds', type=int, default=9)
    parser.add_argument('--draws', type=int, default=200, help='for the comparison of pixels')
    options = parser.parse_args()
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        if options.images is None:
            make_images(Path(folder), options.count, options.quality)
        infos = infos_of(options.images or Path(folder))
        if not infos:
            raise SystemExit(f'no .jpg file in {options.images}')
        size = statistics.mean(Path(info['img_path']).stat().st_size for info in infos) / 1024
        versions = f'mmdet {mmdet.__version__}, OpenCV {cv2.__version__}, NumPy {np.__version__}'
        print(f'{len(infos)} images of {size:.0f} KiB; {versions}; {platform.machine()}\n')
        built = pipelines()
        print_speed(built, infos, options.rounds)
        print_profile(built, infos)
        print_differences(built, infos, options.draws)


if __name__ == '__main__':
    main()
