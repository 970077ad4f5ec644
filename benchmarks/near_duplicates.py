"""Which altered copies the comparison of splits finds, and what it finds in the real splits.

    python benchmarks/near_duplicates.py DATA_ROOT [--sheet FILE.png]

DATA_ROOT holds a data set in VOC layout with train, val and test. 200 altered copies of train
images are planted in val. Reported: recall by kind of change, by the hash of the whole picture
alone, by all candidates, and after confirmation; false alarms among the planted copies; what is
found in the real splits, for a person to judge on the sheet; and the cost, cold and cached.
"""

import argparse
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from mmholdout.splits.alignment import picture_of
from mmholdout.splits.candidates import find_candidates, near_hashes
from mmholdout.splits.confirm import confirm
from mmholdout.splits.contact_sheet import write_contact_sheet
from mmholdout.splits.digest_cache import read_cache
from mmholdout.splits.image_digests import digest_images
from mmholdout.splits.near_duplicates import find
from mmholdout.splits.pixels import read_working_grey
from mmholdout.splits.workers import cores

COPIES = 200


def resized(image, x, y=None):
    size = (round(image.shape[1] * x), round(image.shape[0] * (y or x)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if x < 1 else cv2.INTER_LINEAR)


def cropped(image, share, rng):
    """Without `share` of the width and of the height, cut anywhere."""
    height, width = image.shape[:2]
    rows, columns = round(height * (1 - share)), round(width * (1 - share))
    y, x = rng.integers(0, height - rows + 1), rng.integers(0, width - columns + 1)
    return image[y : y + rows, x : x + columns]


# name -> (JPEG quality, change)
CHANGES = {
    're-encoded, q 50': (50, lambda i, _: i),
    'resized x 0.5': (90, lambda i, _: resized(i, 0.5)),
    'resized x 1.5': (90, lambda i, _: resized(i, 1.5)),
    'stretched x 0.75': (90, lambda i, _: resized(i, 0.75, 1.0)),
    'mirrored': (90, lambda i, _: i[:, ::-1]),
    'cropped 2 %': (90, lambda i, r: cropped(i, 0.02, r)),
    'cropped 5 %': (90, lambda i, r: cropped(i, 0.05, r)),
    'cropped 10 %': (90, lambda i, r: cropped(i, 0.10, r)),
    'brighter 20 %': (90, lambda i, _: cv2.convertScaleAbs(i, alpha=1.2)),
    'darker 20 %': (90, lambda i, _: cv2.convertScaleAbs(i, alpha=0.8)),
    'mirrored, cropped 10 %': (90, lambda i, r: cropped(i[:, ::-1], 0.10, r)),
    'cropped 10 %, x 0.5, q 50': (50, lambda i, r: resized(cropped(i, 0.10, r), 0.5)),
    'cropped 20 %': (90, lambda i, r: cropped(i, 0.20, r)),
}


def splits_of(root):
    found = {}
    for name in ('train', 'val', 'test'):
        ids = (root / 'ImageSets' / 'Main' / f'{name}.txt').read_text().split()
        found[name] = {i: next((root / 'JPEGImages').glob(f'{i}.*')) for i in ids}
    return found


def plant(train, folder, rng):
    """Write the copies; id of the copy -> (id of its source, name of the change)."""
    sources = rng.choice(sorted(train), COPIES, replace=len(train) < COPIES)
    planted = {}
    for number, source in enumerate(sources):
        name = list(CHANGES)[number % len(CHANGES)]
        quality, change = CHANGES[name]
        image = np.ascontiguousarray(change(cv2.imread(str(train[source])), rng))
        copy = f'copy{number:03}'
        cv2.imwrite(str(folder / f'{copy}.jpg'), image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        planted[copy] = (source, name)
    return planted


def found_before(train, copies, cache_path):
    """Pairs (train id, copy id) by the hash of the whole picture alone, and by all candidates."""
    known = read_cache(cache_path).digests
    digests = digest_images([*train.values(), *copies.values()], known).found
    ours, theirs = ([digests[str(p)] for p in s.values()] for s in (train, copies))
    ours_ids, theirs_ids = list(train), list(copies)
    whole = near_hashes(
        np.array([d.hashes[:1] for d in ours]), np.array([d.hashes[:1] for d in theirs])
    )
    alone = {(ours_ids[c.first], theirs_ids[c.second]) for _, near, _ in whole for c in near}
    every = find_candidates(
        [(d.hashes, d.words) for d in ours], [(d.hashes, d.words) for d in theirs]
    )
    return alone, {(ours_ids[c.first], theirs_ids[c.second]) for c in every.pairs}


def alike(one, other):
    """Whether two images of train show one field themselves, by exact geometry."""
    return confirm(*(picture_of(read_working_grey(path)) for path in (one, other))) is not None


def timed(function, *args):
    """The answer, and the seconds by the clock and of all cores together."""
    start, busy = time.perf_counter(), time.process_time()
    answer = function(*args)
    return answer, (time.perf_counter() - start, time.process_time() - busy)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('data_root', type=Path)
    parser.add_argument('--sheet', type=Path, help='PNG of the pairs found in the real splits')
    args = parser.parse_args()
    splits = splits_of(args.data_root)
    number = sum(map(len, splits.values()))
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        paths = [p for images in splits.values() for p in images.values()]
        _, digesting = timed(digest_images, paths)
        cache = folder / 'cache.npz'
        report, cold = timed(find, splits, cache)
        _, reading = timed(lambda: digest_images(paths, read_cache(cache).digests))
        _, cached = timed(find, splits, cache)
        planted = plant(splits['train'], folder, np.random.default_rng(0))
        copies = {copy: folder / f'{copy}.jpg' for copy in planted}
        alone, every = found_before(splits['train'], copies, cache)
        after = find({'train': splits['train'], 'val': splits['val'] | copies}, cache)
        sizes = np.array([cv2.imread(str(p)).shape[:2] for p in paths[:50]])
        if args.sheet:
            write_contact_sheet(args.sheet, report.pairs)
    proven = {(p.first_id, p.second_id): p.kind for p in after.pairs}
    print(f'\n{args.data_root.name}: {number} images, {COPIES} copies planted\n')
    print('| change | copies | hash of the whole | candidates | confirmed | kinds given |')
    print('|---|---|---|---|---|---|')
    for name in CHANGES:
        pairs = [(source, copy) for copy, (source, kind) in planted.items() if kind == name]
        counts = [sum(p in found for p in pairs) for found in (alone, every, proven)]
        kinds = ', '.join(sorted({proven[p] for p in pairs if p in proven}))
        print(f'| {name} | {len(pairs)} | {" | ".join(map(str, counts))} | {kinds} |')
    own = {(source, copy) for copy, (source, _) in planted.items()}
    others = sorted(p for p in proven.keys() - own if p[1] in planted)
    kin = [p for p in others if alike(splits['train'][p[0]], splits['train'][planted[p[1]][0]])]
    print(
        f'\nPairs of a copy with another image than its source: {len(alone - own)} by the hash of '
        f'the whole, {len(every - own)} candidates, {len(others)} confirmed, of which {len(kin)} '
        f'show the same field as the source: {len(others) - len(kin)} false alarms.'
    )
    print(f'\nReal splits: {report.candidates} candidates, {len(report.pairs)} confirmed.')
    print('\n'.join(report.lines(100)))
    height, width = np.median(sizes, axis=0)
    print(f'\nSeconds per 1,000 images of {width:.0f}x{height:.0f}, {cores()} cores:')
    for name, seconds in (
        ('digests and hashes, cold', digesting),
        ('digests and hashes, cached', reading),
        ('whole comparison, cold', cold),
        ('whole comparison, cached', cached),
    ):
        clock, busy = (s / number * 1000 for s in seconds)
        print(f'  {name}: {clock:.2f}, processor time {busy:.2f}')


if __name__ == '__main__':
    main()
