"""What `significance=` of EarlyStoppingHook costs on a simulated learning curve.

    python benchmarks/significance.py [--runs 200] [--images 100] [--classes 3]

The skill of the model rises and flattens, so that its true mAP is known at each epoch. The val
images are the same in all epochs of a run; which objects are found varies from epoch to epoch
independently, which is more than between neighbouring epochs of a real run. Each rule sees the
same validations. The kept model is the one with the best measured mAP up to the stop, whatever
the rule: significance does not choose it.
"""

import argparse
import math

import numpy as np
from coverage_sets import Regime, exact_aps

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_fast import mean_over_present, replicate_aps, weighted_aps
from mmholdout.metrics.bootstrap_order import bootstrap_order
from mmholdout.monitor.early_stop import EarlyStopDecision

EPOCHS = 100
PATIENCES = (5, 10)
RULES = {
    'values alone': {},
    'min_delta=0.01': {'min_delta': 0.01},
    'significance=0.8': {'significance': 0.8},
    'significance=0.9': {'significance': 0.9},
    'significance=0.95': {'significance': 0.95},
}


def skill(epoch):
    """A steep part over in 20 epochs, and a slow one."""
    return 1.0 - 2.5 * math.exp(-epoch / 6) - 0.5 * math.exp(-epoch / 25)


def true_maps(args):
    """By epoch, from large sets."""
    maps = []
    for epoch in range(1, EPOCHS + 1):
        regime = Regime(args.images, args.classes, skill=skill(epoch))
        maps.append(exact_aps(regime.draw(np.random.default_rng(0), 40_000)).mean())
    return np.array(maps)


def validations(args, number):
    """Measured mAP (EPOCHS,) and replicates (EPOCHS, R) of one run."""
    rng = np.random.default_rng([1, number])
    scenes = Regime(args.images, args.classes).draw_scenes(rng, args.images)
    once, draws = np.ones((args.images, 1), dtype=np.uint16), Draws(args.images, args.replicates)
    values, replicates = [], []
    for epoch in range(1, EPOCHS + 1):
        regime = Regime(args.images, args.classes, skill=skill(epoch))
        order = bootstrap_order(regime.draw(rng, scenes=scenes))
        values.append(float(mean_over_present(weighted_aps(order, once))[0]))
        replicates.append(mean_over_present(replicate_aps(order, draws)))
    return np.array(values), np.array(replicates)


def stop_of(values, replicates, patience, options):
    """The last epoch of the run under a rule; the draws are those of `paired_bootstrap`."""
    decision = EarlyStopDecision('max', patience, **options)
    best = None
    for epoch, value in enumerate(values, 1):
        p_better = None
        if best is not None:
            difference = replicates[epoch - 1] - replicates[best]
            p_better = float((difference > 0).mean() + (difference == 0).mean() / 2)
        stop = decision.observe(value, epoch, p_better)
        if not decision.num_bad:
            best = epoch - 1
        if stop is not None:
            break
    return epoch


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (('runs', 200), ('images', 100), ('classes', 3), ('replicates', 400)):
        parser.add_argument(f'--{name}', type=int, default=default)
    args = parser.parse_args()
    truth = true_maps(args)
    cases = [(patience, rule) for patience in PATIENCES for rule in RULES]
    stops, kept = ({case: [] for case in cases} for _ in range(2))
    for number in range(args.runs):
        values, replicates = validations(args, number)
        for patience, rule in cases:
            stop = stop_of(values, replicates, patience, RULES[rule])
            stops[patience, rule].append(stop)
            kept[patience, rule].append(truth[int(np.argmax(values[:stop]))])
    print('| patience | rule | last epoch, mean | 10 % to 90 % | true mAP kept | below epoch 100 |')
    print('| --- | --- | --- | --- | --- | --- |')
    for case in cases:
        low, high = np.quantile(stops[case], [0.1, 0.9])
        lost = truth[-1] - np.array(kept[case])
        error = lost.std(ddof=1) / math.sqrt(args.runs)
        print(
            f'| {case[0]} | {case[1]} | {np.mean(stops[case]):.1f} | {low:.0f} to {high:.0f} '
            f'| {np.mean(kept[case]):.3f} | {lost.mean():.3f} ± {error:.3f} |'
        )
    shown = ', '.join(f'{truth[e - 1]:.3f} @ {e}' for e in (1, 5, 10, 20, 40, 100))
    print(
        f'\n{args.runs} runs, {args.images} images, {args.classes} classes, '
        f'{args.replicates} replicates; true mAP {shown}'
    )


if __name__ == '__main__':
    main()
