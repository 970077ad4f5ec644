"""3.x: `EpochBasedTrainLoop` and its neighbours to the loops of this package."""

from __future__ import annotations

from mmholdout.config.from_mmdet.rewriting import Rewriting, bare, shown

_LOOPS = {
    'train_cfg': ({'EpochBasedTrainLoop', 'IterBasedTrainLoop'}, 'TrainLoop'),
    'val_cfg': ({'ValLoop'}, 'ValLoop'),
    'test_cfg': ({'TestLoop'}, 'TestLoop'),
}
_WORDS = {'val_interval': 'interval', 'val_begin': 'begin'}


def rewrite_loops(r: Rewriting) -> None:
    """Types of the loops, and when validation happens."""
    by_iteration = bare(r.dict_at('train_cfg').get('type')) == 'IterBasedTrainLoop'
    for section, (stock, ours) in _LOOPS.items():
        kind = r.dict_at(section).get('type')
        if bare(kind) in stock and kind != ours:
            r.take(section, 'type')
            r.put((section, 'type'), ours, (section, 'type'), was=kind)
        if r.dict_at(section).get('fp16') is not None and section != 'train_cfg':
            r.drop((section, 'fp16'), 'validation has the precision of training')
    if by_iteration:
        r.set(('evaluation', 'by_epoch'), r.dict_at('evaluation').get('by_epoch', False))
    for old, new in _WORDS.items():
        if r.has('train_cfg', old):
            value = r.take('train_cfg', old)
            if old == 'val_begin' and by_iteration and value not in (0, 1):
                r.refuse(
                    ('train_cfg', old),
                    f'{shown(value)} iterations cannot be said: evaluation.begin counts epochs',
                )
                continue
            shift = max(value, 1) if old == 'val_begin' and isinstance(value, int) else value
            r.put(('evaluation', new), shift, ('train_cfg', old), was=value)
    if r.has('train_cfg', 'dynamic_intervals'):
        given = r.take('train_cfg', 'dynamic_intervals')
        if given:
            interval = r.dict_at('evaluation').get('interval', 1)
            r.say(
                f'train_cfg.dynamic_intervals = {shown(given)} -> nothing: validation keeps its '
                f'interval, {interval}; evaluation.interval sets it'
            )
