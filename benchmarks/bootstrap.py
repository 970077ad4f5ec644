"""Seconds for paired replicates of AP50, from matches; one row of a table.

    python benchmarks/bootstrap.py [--images 1000] [--classes 20] [--dets 200] [--replicates 1000]

Two sets of predictions on the same images are matched first, which is not timed. `order` sorts and
drops what changes nothing, for both; `replicates` is everything after it, with the same draws for
both. Memory is what NumPy holds for them at the peak, from one more run.
"""

import argparse
import statistics
import time
import tracemalloc

from evaluation import split_of

from mmholdout.metrics.bootstrap_order import bootstrap_order
from mmholdout.metrics.paired_bootstrap import paired_bootstrap
from mmholdout.metrics.voc import evaluate_voc


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (('images', 1000), ('classes', 20), ('dets', 200), ('replicates', 1000)):
        parser.add_argument(f'--{name}', type=int, default=default)
    parser.add_argument('--repeats', type=int, default=5)
    args = parser.parse_args()
    names = [str(label) for label in range(args.classes)]
    found, truth = split_of(args.images, args.classes, args.dets)
    worse = [type(d)(d.bboxes + 6, d.scores, d.labels) for d in found]  # its boxes are moved
    new, old = (evaluate_voc(dets, truth, names).judged for dets in (found, worse))

    order_seconds, seconds = [], []
    for _ in range(args.repeats):
        begin = time.perf_counter()
        orders = bootstrap_order(new), bootstrap_order(old)
        order_seconds.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        result = paired_bootstrap(*orders, replicates=args.replicates)
        seconds.append(time.perf_counter() - begin)
    tracemalloc.start()
    paired_bootstrap(*orders, replicates=args.replicates)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    print(
        '| images x classes x detections | paired replicates | order | replicates | least | MiB |'
    )
    print('| --- | --- | --- | --- | --- | --- |')
    print(
        f'| {args.images} x {args.classes} x {args.dets} | {args.replicates} '
        f'| {statistics.median(order_seconds):.2f} s | {statistics.median(seconds):.2f} s '
        f'| {min(seconds):.2f} s | {peak:.0f} |'
    )
    print(f'P(better) = {result.p_better:.3f}, difference {result.low:+.4f} to {result.high:+.4f}')


if __name__ == '__main__':
    main()
