"""2.x: `model.pretrained`, the top-level `train_cfg` and `test_cfg` of a model, YOLOX's sizes."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.rewriting import Rewriting

# A loop has none of these, a model's training or testing words have at least one.
_OF_MODELS = ('assigner', 'rpn', 'rcnn', 'rpn_proposal', 'nms', 'nms_pre', 'score_thr', 'nms_thr')
_SIZES = ('input_size', 'random_size_range', 'random_size_interval', 'size_multiplier')


def rewrite_model(r: Rewriting) -> None:
    """Words of a model that are said in another place today."""
    for name in ('train_cfg', 'test_cfg'):
        words = r.dict_at(name)
        if any(key in words for key in _OF_MODELS):
            value = r.take(name)
            r.put(('model', name), value, (name,), was=value)
    if r.has('model', 'pretrained'):
        _pretrained(r, ('model', 'pretrained'))
    if r.has('model', 'backbone', 'pretrained'):
        _pretrained(r, ('model', 'backbone', 'pretrained'))
    if r.at('model', 'type') == 'YOLOX' and r.has('model', 'random_size_range'):
        _sizes(r)
    for where in (
        ('model', 'test_cfg'),
        ('model', 'test_cfg', 'rcnn'),
        ('model', 'test_cfg', 'rpn'),
    ):
        nms = r.dict_at(*where, 'nms')
        if 'iou_thr' in nms:
            value = nms.pop('iou_thr')
            old = (*where, 'nms', 'iou_thr')
            r.put((*where, 'nms', 'iou_threshold'), value, old, was=value)


def _pretrained(r: Rewriting, old: tuple[str, ...]) -> None:
    checkpoint = r.take(*old)
    if checkpoint is not None:
        new = {'type': 'Pretrained', 'checkpoint': checkpoint}
        r.put(('model', 'backbone', 'init_cfg'), new, old, was=checkpoint)
    else:
        r.say(f'{".".join(old)} = None -> nothing: the backbone begins as its init_cfg says')


def _sizes(r: Rewriting) -> None:
    given = {key: r.take('model', key) for key in _SIZES if r.has('model', key)}
    low, high = given['random_size_range']
    step = given.get('size_multiplier', 32)
    augment: dict[str, Any] = {
        'type': 'BatchSyncRandomResize',
        'random_size_range': (low * step, high * step),
        'size_divisor': step,
        'interval': given.get('random_size_interval', 10),
    }
    new = ('model', 'data_preprocessor', 'batch_augments')
    r.put(new, [augment], ('model', 'random_size_range'), was=given)
    if not r.has('model', 'data_preprocessor', 'type'):
        r.set(('model', 'data_preprocessor', 'type'), 'DetDataPreprocessor')
