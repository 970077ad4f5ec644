"""Each detector's validation loss: what it shares with the predictions, its error, its price.

    python benchmarks/detectors.py                        all of the VOC configs
    python benchmarks/detectors.py configs/yolox/*.py     these

Prints the table of docs/detectors.md. Models have random weights (`init_cfg` is left out) and 20
classes; images are noise with three objects each, `--size` px, or what an SSD is made for.

*Difference*: the largest of all terms of the loss, relative to the training loss of the same
images with BatchNorm frozen and dropout off. *train*: forward and backward. *val*: loss and
predictions from one pass, as in validation. *ratio*: val to predictions alone; *two passes*: what a
pass for the loss and another one for the predictions would be to the predictions alone. Times are
processor time on `--threads` threads, medians of `--rounds` rounds in which all four are measured
in turn. Ratios are medians of the rounds' own, which other work on the machine disturbs least.
"""

from __future__ import annotations

import argparse
import copy
import logging
import statistics
import time
from pathlib import Path

import torch
from mmdet.structures import DetDataSample
from mmengine.config import ConfigDict
from mmengine.registry import DefaultScope
from mmengine.structures import InstanceData
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from mmholdout.config.load import load
from mmholdout.models.loss_and_predictions import GroupedLoss, forward_eval, one_pass
from mmholdout.models.without_trace import without_trace
from mmholdout.registry import MODELS

ROOT = Path(__file__).resolve().parents[1]
HEAD = (
    '| config | image, px | parameters, M | shared by loss and predictions | difference '
    '| train, s/image | val, s/image | ratio | two passes |'
)


def voc_configs():
    return sorted(ROOT.glob('configs/*/*_voc.py'), key=lambda path: (path.parent.name, path.name))


def without_weights(part):
    """A model's config without the files that it would begin from."""
    if isinstance(part, dict):
        pretrained = (part.get('init_cfg') or {}).get('type') in ('Pretrained', 'VGG16Weights')
        kept = {k: v for k, v in part.items() if not (k == 'init_cfg' and pretrained)}
        return {key: without_weights(value) for key, value in kept.items()}
    return part


def build(words):
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope('mmholdout'):
        model = MODELS.build(ConfigDict(without_weights(words)))
        model.init_weights()
    return model.eval()


def batch(count, size, classes=20):
    generator = torch.Generator().manual_seed(0)
    images, samples = [], []
    for index in range(count):
        corner = torch.rand(3, 2, generator=generator) * size / 2
        extent = (0.1 + 0.4 * torch.rand(3, 2, generator=generator)) * size
        sample = DetDataSample(
            metainfo=dict(
                img_id=index, img_shape=(size, size), ori_shape=(size, size), scale_factor=(1, 1)
            )
        )
        sample.gt_instances = InstanceData(
            bboxes=torch.cat([corner, corner + extent], 1),
            labels=torch.randint(0, classes, (3,), generator=generator),
        )
        sample.ignored_instances = InstanceData(
            bboxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.int64)
        )
        samples.append(sample)
        images.append(
            torch.randint(0, 256, (3, size, size), generator=generator, dtype=torch.uint8)
        )
    return dict(inputs=images, data_samples=samples)


def training_terms(model, data):
    """Of a training step on these images, BatchNorm frozen and dropout off."""
    model.train()
    for module in model.modules():
        if isinstance(module, (_BatchNorm, _DropoutNd)):
            module.eval()
    inputs = model.data_preprocessor(copy.deepcopy(data))
    with torch.no_grad(), without_trace(model):  # the draws of the samplers
        values = model.parse_losses(model(**inputs, mode='loss'))[1]
    model.eval()
    return {key: float(value) for key, value in values.items()}


@torch.no_grad()
def validate(model, data):
    grouped = GroupedLoss(model, len(data['inputs']))
    grouped.add(forward_eval(model, copy.deepcopy(data))[1])
    return grouped.finish()


@torch.no_grad()
def predict(model, data):
    return model.val_step(copy.deepcopy(data))


@torch.no_grad()
def loss_alone(model, data):
    inputs = model.data_preprocessor(copy.deepcopy(data))
    return model.parse_losses(model(**inputs, mode='loss'))[0]


def train(model, data):
    model.train()
    inputs = model.data_preprocessor(copy.deepcopy(data), True)
    model.parse_losses(model(**inputs, mode='loss'))[0].backward()
    model.zero_grad()
    model.eval()


def shared(model, data):
    """What runs once, read off the outputs themselves."""
    steps = one_pass(model)
    with torch.no_grad():
        inputs = model.data_preprocessor(copy.deepcopy(data))['inputs']
        for_loss, for_prediction = steps.outputs(model.extract_feat(inputs))
    second = len(steps.modules) > 1
    if second:
        for_loss, for_prediction = for_loss[1], for_prediction[1]
    head = 'RPN' if second else 'head'
    neck = 'backbone, neck' if model.with_neck else 'backbone'
    once = for_loss is for_prediction
    return f'{neck}, {head}' if once else f"{neck}, the {head}'s convolutions"


def seconds(function, *args):
    start = time.process_time()
    function(*args)
    return time.process_time() - start


def row(path, args):
    words = load(path).cfg['model']
    head = words.get('bbox_head') or {}
    size = (head.get('anchor_generator') or {}).get('input_size', args.size)
    model, data = build(words), batch(args.batch, size)
    ours, expected = validate(model, data), training_terms(model, data)
    if ours.keys() != expected.keys():
        raise SystemExit(f'{path}: terms {sorted(ours)} and {sorted(expected)}')
    error = max(abs(ours[key] - value) for key, value in expected.items()) / expected['loss']
    timed = (train, validate, predict)
    train(model, data)  # the first of everything takes longer
    rounds = [[seconds(f, model, data) for f in (*timed, loss_alone)] for _ in range(args.rounds)]
    trained, validated, _, _ = (statistics.median(column) for column in zip(*rounds))
    ratio = statistics.median(val / pred for _, val, pred, _ in rounds)
    two = statistics.median((pred + loss) / pred for _, _, pred, loss in rounds)
    count = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    try:
        name = path.resolve().relative_to(ROOT)
    except ValueError:
        name = path
    return (
        f'| {name} | {size} | {count:.1f} | {shared(model, data)} | {error:.0e} '
        f'| {trained / args.batch:.2f} | {validated / args.batch:.3f} | {ratio:.2f} | {two:.2f} |'
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('configs', nargs='*', type=Path, help='by default configs/*/*_voc.py')
    parser.add_argument('--size', type=int, default=320, help='px, where the model leaves it open')
    parser.add_argument('--batch', type=int, default=2)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--threads', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    logging.disable(logging.WARNING)
    print(HEAD)
    print('| --- ' * (HEAD.count('|') - 1) + '|')
    for path in args.configs or voc_configs():
        print(row(path, args), flush=True)


if __name__ == '__main__':
    main()
