"""2.x: the keys of `evaluation` that this package's section of that name does not have."""

from __future__ import annotations

from mmholdout.config.from_mmdet.metric_names import METRICS, NO_METRIC, metrics, monitor
from mmholdout.config.from_mmdet.rewriting import Rewriting, shown

_S = 'evaluation'
_DIRECTION = "the metric's own direction"
_DROPPED = {
    'gpu_collect': 'a run has one process',
    'tmpdir': 'a run has one process',
    'broadcast_bn_buffer': 'a run has one process',
    'rule': _DIRECTION,
    'greater_keys': _DIRECTION,
    'less_keys': _DIRECTION,
    'classwise': 'AP of each class is measured with metric "mAP"',
    'out_dir': 'best_model.pth is in the run folder',
    'proposal_nums': 'COCO numbers are measured with 1, 10 and 100 detections',
    'max_epochs': 'train_cfg.max_epochs says it',
}


def rewrite_evaluation(r: Rewriting) -> None:
    """Metrics, what selects, and what needs no word here."""
    words = r.dict_at(_S)
    given = words.get('metric')
    names = given if isinstance(given, list | tuple) else [given]
    if any(name in NO_METRIC or METRICS.get(name, name) != name for name in names if name):
        ours, wrong = metrics(r.take(_S, 'metric'))
        for text in wrong:
            r.refuse((_S, 'metric'), text)
        if ours is not None:
            r.put((_S, 'metric'), ours, (_S, 'metric'), was=given)
    best = words.get('save_best')
    if best == 'auto':
        r.drop((_S, 'save_best'), 'the first of evaluation.metric selects')
    elif monitor(best) != best:
        r.take(_S, 'save_best')
        r.put((_S, 'save_best'), monitor(best), (_S, 'save_best'), was=best)
    if words.get('start') is not None:
        value = r.take(_S, 'start')
        begin = max(value, 1) if isinstance(value, int) else value
        r.put((_S, 'begin'), begin, (_S, 'start'), was=value)
    for key, instead in _DROPPED.items():
        r.drop((_S, key), instead)
    if r.has(_S, 'dynamic_intervals'):
        value = r.take(_S, 'dynamic_intervals')
        r.say(
            f'{_S}.dynamic_intervals = {shown(value)} -> nothing: validation keeps its interval, '
            f'{words.get("interval", 1)}'
        )
