"""How often the 95 % interval holds the true value, and how often equal models seem to differ.

    python benchmarks/coverage.py [--sets 1000] [--pairs 4000] [--replicates 400] [--seed 0]

Prints three Markdown tables. The first: sets of each regime, against a population of 150,000 images
of the same distribution; `interval` is what is reported, `percentile` the plain percentiles of the
same replicates. Coverage is counted in all sets, also where too little support means that no
interval would be printed; the share of sets in which it would be has its own column. Precision and
recall are those at the set's own best-F1 threshold, against the population's at that threshold. The
second: what a mean over classes does with one that a replicate lacks. The third: two models of the
same distribution on the same images, and how often the paired bootstrap finds the one better. Each
share has its standard error.
"""

import argparse
import math
import time

import numpy as np
from coverage_sets import POPULATION, Regime, exact_aps

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_counts import image_tallies, replicate_points
from mmholdout.metrics.bootstrap_fast import mean_over_present, replicate_aps, weighted_aps
from mmholdout.metrics.bootstrap_order import bootstrap_order
from mmholdout.metrics.intervals import ratio_interval, too_little_support
from mmholdout.metrics.operating_point import best_f1_point
from mmholdout.metrics.paired_bootstrap import paired_bootstrap

REGIMES = [Regime(images, classes) for images in (20, 50, 100, 200, 500) for classes in (1, 3, 20)]
REGIMES += [
    Regime(50, 20, objects=8.0),
    Regime(22, 3),
    Regime(87, 3),
    Regime(100, 3, skill=3.5),
    Regime(100, 3, skill=-1.0),
]
ABSENT = [Regime(20, 20), Regime(50, 20)]
PAIRED = [Regime(50, 1), Regime(50, 3), Regime(100, 20), Regime(200, 3)]


def share(hits):
    """'94.1 ± 0.7' percent, with the standard error."""
    mean = float(np.mean(hits))
    return f'{100 * mean:.1f} ± {100 * math.sqrt(mean * (1 - mean) / len(hits)):.1f}'


def point_of(judged, thr):
    right, kept, objects = image_tallies(judged, thr).sum(axis=0)
    return right / max(kept, 1), right / objects


def holds(interval, truth):
    return interval is not None and interval.low <= truth <= interval.high


def coverage_row(regime, args):
    rng = np.random.default_rng([args.seed, regime.images, regime.classes])
    population = regime.draw(rng, POPULATION)
    truth = exact_aps(population).mean()
    right = np.sort(population.scores[population.is_true])
    scores = np.sort(population.scores)
    objects = len(population.object_image)
    ours, percentile, precision, recall, printed, measured, widths = ([] for _ in range(7))
    for number in range(args.sets):
        judged = regime.draw(rng)
        order, draws = bootstrap_order(judged), Draws(regime.images, args.replicates, number)
        once = np.ones((regime.images, 1), dtype=np.uint16)
        value = mean_over_present(weighted_aps(order, once))[0]
        maps = mean_over_present(replicate_aps(order, draws))
        interval = ratio_interval(value, maps, regime.images)
        low, high = np.nanquantile(maps, [0.025, 0.975])
        ours.append(holds(interval, truth))
        percentile.append(low <= truth <= high)
        measured.append(value)
        widths.append(interval.half_width if interval else 0.0)
        present = len(np.unique(judged.object_labels))
        support = too_little_support(regime.images, len(judged.object_labels) / present)
        printed.append(support is None)

        thr = best_f1_point(judged.scores, judged.is_true, len(judged.object_labels)).score_thr
        found = len(right) - np.searchsorted(right, thr)
        kept = len(scores) - np.searchsorted(scores, thr)
        tallies = image_tallies(judged, thr)
        for hits, own, drawn, true in zip(
            (precision, recall),
            point_of(judged, thr),
            replicate_points(tallies, draws),
            (found / kept, found / objects),
        ):
            hits.append(holds(ratio_interval(own, drawn, regime.images), true))
    per_class = regime.images * objects / POPULATION / regime.classes
    return (
        f'| {regime.images} | {regime.classes} | {per_class:.0f} | {truth:.3f} '
        f'| {np.mean(measured):.3f} | {np.mean(widths):.3f} | {share(ours)} | {share(percentile)} '
        f'| {share(precision)} | {share(recall)} | {100 * np.mean(printed):.0f} |'
    )


def absent_row(regime, args):
    """Classes that a replicate lacks: left out of its mean, or with their AP of all images."""
    rng = np.random.default_rng([args.seed, regime.images, regime.classes, 2])
    truth = exact_aps(regime.draw(rng, POPULATION)).mean()
    left_out, filled = [], []
    for number in range(args.sets):
        order = bootstrap_order(regime.draw(rng))
        full = weighted_aps(order, np.ones((regime.images, 1), dtype=np.uint16))
        value = mean_over_present(full)[0]
        aps = replicate_aps(order, Draws(regime.images, args.replicates, number))
        for hits, own in ((left_out, aps), (filled, np.where(np.isnan(aps), full, aps))):
            interval = ratio_interval(value, mean_over_present(own), regime.images)
            hits.append(holds(interval, truth))
    return f'| {regime.images} | {regime.classes} | {share(left_out)} | {share(filled)} |'


def paired_row(regime, args):
    rng = np.random.default_rng([args.seed, regime.images, regime.classes, 1])
    found = []
    for number in range(args.pairs):
        scenes = regime.draw_scenes(rng, regime.images)
        new, old = (bootstrap_order(regime.draw(rng, scenes=scenes)) for _ in range(2))
        found.append(paired_bootstrap(new, old, args.replicates, number))
    p_better = np.array([one.p_better for one in found])
    outside = [not one.low <= 0 <= one.high for one in found]
    levels = ' | '.join(share(p_better >= level) for level in (0.8, 0.9, 0.95))
    return f'| {regime.images} | {regime.classes} | {levels} | {share(outside)} |'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (('sets', 1000), ('pairs', 4000), ('replicates', 400), ('seed', 0)):
        parser.add_argument(f'--{name}', type=int, default=default)
    args = parser.parse_args()
    begin = time.perf_counter()
    columns = 'images | classes | objects per class | true mAP | mean measured mAP | half-width'
    columns += ' | interval holds it, % | percentile holds it, % | precision, % | recall, %'
    print(f'| {columns} | printed, % |\n|{" --- |" * 11}')
    for regime in REGIMES if args.sets else ():
        print(coverage_row(regime, args), flush=True)
    print(f'\n| images | classes | left out, % | filled in, % |\n|{" --- |" * 4}')
    for regime in ABSENT if args.sets else ():
        print(absent_row(regime, args), flush=True)
    print('\n| images | classes | P(better) >= 0.8, % | >= 0.9, % | >= 0.95, % | 0 outside, % |')
    print(f'|{" --- |" * 6}')
    for regime in PAIRED if args.pairs else ():
        print(paired_row(regime, args), flush=True)
    print(
        f'\n{args.sets} sets and {args.pairs} pairs of each regime, {args.replicates} replicates, '
        f'seed {args.seed}; {time.perf_counter() - begin:.0f} s'
    )


if __name__ == '__main__':
    main()
