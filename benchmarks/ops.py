"""Our operators beside those of a compiled mmcv: equal results, and how long they take.

    python benchmarks/ops.py                      how long ours take
    python benchmarks/ops.py --peer-path FOLDER   and a compiled mmcv, unpacked in FOLDER

The first table compares `--cases` random inputs per operator; a difference is relative to the
largest value. The second times large inputs: medians of milliseconds of processor time on
`--threads` threads, ours and theirs in turn, and the median of the ratios of neighbouring runs,
which other work on the machine disturbs least. Compiled mmcv has no RoIPool and no focal loss for
the CPU. `--only NAME` leaves out the operators without NAME in their name.
"""

import argparse
import importlib.util
import statistics
import time
from pathlib import Path

import torch
from ops_cases import boxes_of, roi_case, suppression_case, typical_rois

from mmholdout.ops import focal_loss, roi_align, roi_pool
from mmholdout.ops.nms import nms
from mmholdout.ops.soft_nms import softnms

METHODS = ('naive', 'linear', 'gaussian')
NOT_SUPPORTED = 'none on the CPU'


def compiled(folder):
    """The operators of a compiled mmcv wheel, without importing its mmcv."""
    if folder is None:
        return None
    files = sorted(Path(folder).glob('mmcv/_ext*.so'))
    if not files:
        raise SystemExit(f'no mmcv/_ext*.so in {folder}: unzip a compiled mmcv wheel there')
    spec = importlib.util.spec_from_file_location('_ext', files[0])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def difference(ours, theirs):
    """Largest difference relative to the largest value."""
    if ours.numel() == 0:
        return 0.0
    return float((ours - theirs).abs().max() / theirs.abs().max().clamp(min=1e-30))


def compare_nms(peer, seed):
    case = suppression_case(seed)
    return 0.0 if torch.equal(nms(**case), peer.nms(**case)) else float('inf')


def compare_soft_nms(peer, seed, method):
    case = suppression_case(seed)
    results = []
    for operator in (softnms, peer.softnms):
        dets = torch.zeros(len(case['boxes']), 5)
        kept = operator(**case, dets=dets, sigma=0.5, min_score=1e-3, method=method)
        results.append((kept, dets[: len(kept)]))
    # Equal scores may stand in another order.
    (kept, dets), (other_kept, other_dets) = results
    by_index, other_by_index = kept.argsort(), other_kept.argsort()
    if not torch.equal(kept[by_index], other_kept[other_by_index]):
        return float('inf')
    return max(
        difference(dets[by_index], other_dets[other_by_index]),
        difference(dets[:, 4], other_dets[:, 4]),
    )


def compare_roi_align(peer, seed, mode, backward):
    features, rois, gradient, arguments = roi_case(seed)
    arguments['pool_mode'] = mode
    made = [[torch.zeros_like(gradient) for _ in range(3)] for _ in range(2)]
    for module, tensors in zip((roi_align, peer), made):
        module.roi_align_forward(features, rois, *tensors, **arguments)
    if not backward:
        return difference(made[0][0], made[1][0])
    towards = [torch.zeros_like(features) for _ in range(2)]
    for module, tensor in zip((roi_align, peer), towards):
        module.roi_align_backward(gradient, rois, *made[1][1:], tensor, **arguments)
    return difference(*towards)


def comparisons():
    """Name, tolerance, function of peer and seed."""
    yield 'nms', 0.0, compare_nms
    for method, name in enumerate(METHODS):
        tolerance = 1e-5 if name == 'gaussian' else 0.0
        yield f'soft_nms {name}', tolerance, lambda p, s, m=method: compare_soft_nms(p, s, m)
    for mode, name in ((1, 'avg'), (0, 'max')):
        for backward in (False, True):
            way = 'backward' if backward else 'forward'
            yield (
                f'roi_align {name} {way}',
                1e-5,
                lambda p, s, m=mode, b=backward: compare_roi_align(p, s, m, b),
            )


def roi_align_timings(module, mode, ratio, channels, size, stride):
    features, rois = typical_rois(1000, channels, size, stride)
    made = [torch.zeros(len(rois), channels, 7, 7) for _ in range(3)]
    towards = torch.zeros_like(features)
    arguments = {
        'aligned_height': 7,
        'aligned_width': 7,
        'spatial_scale': 1 / stride,
        'sampling_ratio': ratio,
        'pool_mode': mode,
        'aligned': True,
    }
    module.roi_align_forward(features, rois, *made, **arguments)
    gradient = torch.randn_like(made[0])
    return (
        lambda: module.roi_align_forward(features, rois, *made, **arguments),
        lambda: module.roi_align_backward(gradient, rois, *made[1:], towards, **arguments),
    )


def timings(peer):
    """Operator, input, repeats, ours, theirs or None."""
    for count in (1000, 5000):
        for kind in ('anywhere', 'heaps', 'classes'):
            case = (*boxes_of(count, kind), 0.45, 0)
            other = peer and (lambda c=case: peer.nms(*c))
            yield 'nms', f'{count} boxes, {kind}', 31, lambda c=case: nms(*c), other
    for kind in ('anywhere', 'heaps', 'classes'):
        for method, name in enumerate(METHODS):
            case = (*boxes_of(1000, kind), torch.zeros(1000, 5), 0.3, 0.5, 1e-3, method, 0)
            other = peer and (lambda c=case: peer.softnms(*c))
            yield f'soft_nms {name}', f'1000 boxes, {kind}', 11, lambda c=case: softnms(*c), other
    for mode, mode_name in ((1, 'avg'), (0, 'max')):
        for ratio in (0, 2):
            for size, stride in ((80, 4), (20, 16)):
                shape = (mode, ratio, 256, size, stride)
                ours = roi_align_timings(roi_align, *shape)
                theirs = peer and roi_align_timings(peer, *shape)
                for way, name in enumerate(('forward', 'backward')):
                    label = f'1000 rois, 2 x 256 x {size} x {size}, sampling_ratio {ratio}'
                    operator = f'roi_align {mode_name} {name}'
                    yield operator, label, 3, ours[way], theirs and theirs[way]
    yield from without_peer()


def without_peer():
    features, rois = typical_rois(1000, 256, 80, 4)
    output, towards = torch.zeros(1000, 256, 7, 7), torch.zeros_like(features)
    argmax = torch.zeros(output.shape, dtype=torch.int32)
    arguments = {'pooled_height': 7, 'pooled_width': 7, 'spatial_scale': 0.25}
    for name, tensors in (
        ('forward', (features, rois, output, argmax)),
        ('backward', (output, rois, argmax, towards)),
    ):
        call = getattr(roi_pool, f'roi_pool_{name}')
        yield (
            f'roi_pool {name}',
            '1000 rois, 2 x 256 x 80 x 80',
            3,
            lambda c=call, t=tensors: c(*t, **arguments),
            None,
        )
    logits, target = torch.randn(20000, 80), torch.randint(0, 81, (20000,))
    made, none = torch.zeros_like(logits), torch.empty(0)
    for name in ('forward', 'backward'):
        call = getattr(focal_loss, f'sigmoid_focal_loss_{name}')
        yield (
            f'sigmoid_focal_loss {name}',
            '20000 x 80 logits',
            5,
            lambda c=call: c(logits, target, none, made, gamma=2.0, alpha=0.25),
            None,
        )


def milliseconds(function):
    start = time.process_time()
    function()
    return (time.process_time() - start) * 1e3


def print_comparison(peer, cases, only):
    print('| operator | random inputs | equal within | outside | largest difference |')
    print('|---|---|---|---|---|')
    for name, tolerance, compare in comparisons():
        if only in name:
            found = [compare(peer, seed) for seed in range(cases)]
            outside = sum(not value <= tolerance for value in found)
            within = f'{tolerance:g}' if tolerance else 'exactly'
            print(f'| {name} | {cases} | {within} | {outside} | {max(found):.2g} |', flush=True)
    print()


def print_timings(peer, only):
    print('| operator | input | ours, ms | compiled, ms | ratio |')
    print('|---|---|---|---|---|')
    for name, label, repeats, ours, theirs in timings(peer):
        if only not in name:
            continue
        ours()
        pairs = [
            (milliseconds(ours), milliseconds(theirs) if theirs else None) for _ in range(repeats)
        ]
        mine = f'{statistics.median(pair[0] for pair in pairs):.3g}'
        other, ratio = '-' if peer is None else NOT_SUPPORTED, '-'
        if theirs:
            other = f'{statistics.median(pair[1] for pair in pairs):.3g}'
            ratio = f'{statistics.median(pair[0] / pair[1] for pair in pairs):.2f}'
        print(f'| {name} | {label} | {mine} | {other} | {ratio} |', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--peer-path', help='folder with an unpacked compiled mmcv')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--cases', type=int, default=1000)
    parser.add_argument('--only', default='', help='part of an operator name')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    peer = compiled(args.peer_path)
    if peer:
        print_comparison(peer, args.cases, args.only)
    else:
        print('No compiled mmcv to compare with; see --peer-path.\n')
    print_timings(peer, args.only)


if __name__ == '__main__':
    main()
