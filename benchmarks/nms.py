"""How long suppression takes, alone and as part of detecting on one image.

    python benchmarks/nms.py                      our operators
    python benchmarks/nms.py --peer-path FOLDER   besides them a compiled mmcv, unpacked in FOLDER

Medians of milliseconds, on `--threads` threads. The share of post-processing in the
time of one image, with untrained weights and thousands of candidates, should be at most 25 % of
the forward pass.
"""

import argparse
import importlib.util
import logging
import statistics
import time
from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope

from mmholdout import models  # noqa: F401  (registers)
from mmholdout.ops.nms import nms
from mmholdout.registry import MODELS

MODEL = Path(__file__).parents[1] / 'configs' / '_base_' / 'models' / 'ssdlite_mobilenetv2.py'


def median_ms(function, repeats):
    function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def boxes_of(count, kind):
    """Boxes anywhere, in 20 heaps, or in 20 classes shifted apart as batched_nms does."""
    generator = torch.Generator().manual_seed(0)
    corner = torch.rand(count, 2, generator=generator) * 320
    extent = torch.rand(count, 2, generator=generator) * 60 + 8
    if kind == 'heaps':
        heap = torch.randint(0, 20, (count,), generator=generator)
        corner = corner[heap] + torch.randn(count, 2, generator=generator) * 6
        extent = 50 + torch.randn(count, 2, generator=generator) * 5
    boxes = torch.cat([corner, corner + extent], 1)
    if kind == 'classes':
        boxes += torch.randint(0, 20, (count, 1), generator=generator) * (boxes.max() + 1)
    # No ties: the compiled one sorts them as it likes.
    return boxes, torch.randperm(count, generator=generator) / count


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
    return module.nms


def one_image():
    """Forward pass and post-processing of one image by SSDLite with random weights."""
    torch.manual_seed(0)
    logging.disable(logging.CRITICAL)
    with DefaultScope.overwrite_default_scope('mmholdout'):
        model = MODELS.build(Config.fromfile(MODEL).model)
    model.init_weights()
    model.eval()
    image = torch.randn(1, 3, 320, 320)
    metas = [{'img_shape': (320, 320), 'ori_shape': (480, 640), 'scale_factor': (0.5, 2 / 3)}]
    head = model.bbox_head
    with torch.no_grad():
        outs = head(model.extract_feat(image))
        forward = median_ms(lambda: head(model.extract_feat(image)), 15)
        after = median_ms(lambda: head.predict_by_feat(*outs, batch_img_metas=metas), 15)
        unlimited = {**head.test_cfg, 'max_per_img': 100000, 'nms': None}
        candidates = len(
            head.predict_by_feat(
                *outs, batch_img_metas=metas, cfg=Config(unlimited), with_nms=False
            )[0]
        )
    return forward, after, candidates


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--peer-path', help='folder with an unpacked compiled mmcv')
    parser.add_argument('--threads', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    peer = compiled(args.peer_path)
    print('| boxes | kind | kept | ours ms | compiled ms | ratio |')
    print('|---|---|---|---|---|---|')
    for count in (1000, 5000):
        for kind in ('anywhere', 'heaps', 'classes'):
            boxes, scores = boxes_of(count, kind)
            kept = nms(boxes, scores, 0.45)
            ours = median_ms(lambda b=boxes, s=scores: nms(b, s, 0.45), 15)
            other, ratio = '-', '-'
            if peer:

                def call(b=boxes, s=scores):
                    return peer(b, s, iou_threshold=0.45, offset=0)

                assert torch.equal(call(), kept)
                theirs = median_ms(call, 15)
                other, ratio = f'{theirs:.2f}', f'{ours / theirs:.2f}'
            print(f'| {count} | {kind} | {len(kept)} | {ours:.2f} | {other} | {ratio} |')
    if not peer:
        print('\nNo compiled mmcv to compare with; see --peer-path.')
    forward, after, candidates = one_image()
    print(f'\nSSDLite-MobileNetV2, one image of 320 px, untrained, {candidates} candidates:')
    print(f'forward {forward:.1f} ms, post-processing {after:.1f} ms = {after / forward:.0%}')


if __name__ == '__main__':
    main()
