"""How large a share suppression has in detecting on one image.

    python benchmarks/nms.py

Medians of milliseconds on `--threads` threads. With untrained weights and thousands of candidates,
post-processing should take at most 25 % of the forward pass. The operator alone: see ops.py.
"""

import argparse
import logging
import statistics
import time
from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope

from mmholdout import models  # noqa: F401  (registers)
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
    parser.add_argument('--threads', type=int, default=1)
    torch.set_num_threads(parser.parse_args().threads)
    forward, after, candidates = one_image()
    print(f'SSDLite-MobileNetV2, one image of 320 px, untrained, {candidates} candidates:')
    print(f'forward {forward:.1f} ms, post-processing {after:.1f} ms = {after / forward:.0%}')


if __name__ == '__main__':
    main()
