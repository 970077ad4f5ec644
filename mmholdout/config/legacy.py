"""Keys of mmdet 2.x and of mmengine that mean something else here, with the words to use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmholdout.config.metric_words import measures_besides
from mmholdout.config.origin import KeyPath
from mmholdout.config.problems import Problems
from mmholdout.config.words import LOADERS, section

_EPOCHS = "train_cfg=dict(type='TrainLoop', max_epochs=...)"
# Those of configs that people have are translated, see `from_mmdet`.
TOP_LEVEL_LEGACY = {
    'dataset': 'train_dataloader=dict(batch_size=..., dataset=dict(...)), val_dataloader=..., '
    'test_dataloader=...',
    'max_epochs': _EPOCHS,
    'total_iters': "train_cfg=dict(type='TrainLoop', max_iters=...)",
    'auto_resume': '--resume auto on the command line',
    'val_interval': 'evaluation=dict(interval=...)',
}

# Said differently elsewhere in mmengine: section -> key -> where it belongs.
_IN_EVALUATION = {
    'interval': 'interval',
    'val_interval': 'interval',
    'by_epoch': 'by_epoch',
    'begin': 'begin',
    'val_begin': 'begin',
    'dynamic_intervals': 'interval',
    'iou_thr': 'iou_thr',
    'iou_thrs': 'iou_thr',
    'metric': 'metric',
    'also': 'metric',
    'loss': 'loss',
    'train_eval': 'train_eval',
    'bootstrap': 'bootstrap',
    'save_best': 'save_best',
}
ELSEWHERE: dict[tuple[str, ...], dict[str, str]] = {
    **{
        (name,): {k: f'evaluation.{v}' for k, v in _IN_EVALUATION.items()}
        for name in ('train_cfg', 'val_cfg', 'test_cfg', 'val_evaluator', 'test_evaluator')
    },
    **{
        (loader,): {
            'batch_sampler': 'nothing: a batch is batch_size images of the shuffled order',
            'collate_fn': 'nothing: images of a batch are padded by the data preprocessor',
            'num_batch_per_epoch': 'nothing: an epoch is one pass over the split',
        }
        for loader in LOADERS
    },
    ('evaluation',): {
        'start': 'evaluation.begin',
        'iou_thrs': 'evaluation.iou_thr',
        'val_interval': 'evaluation.interval',
        'rule': "the metric's own direction, which need not be given",
        'greater_keys': "the metric's own direction, which need not be given",
        'less_keys': "the metric's own direction, which need not be given",
        'max_epochs': 'train_cfg.max_epochs',
        'score_thr': 'val_evaluator.score_thr',
    },
    ('default_hooks', 'checkpoint'): {
        'save_best': 'evaluation.save_best',
        'rule': "the metric's own direction, which need not be given",
        'interval': 'default_hooks.checkpoint.save_every',
        'max_keep_ckpts': 'default_hooks.checkpoint.keep',
        'save_last': 'nothing: the last state is always saved',
        'save_optimizer': 'nothing: the state is always saved whole',
        'save_param_scheduler': 'nothing: the state is always saved whole',
        'by_epoch': 'nothing: checkpoints are counted in epochs',
    },
    ('default_hooks',): {
        'logger': 'default_hooks.console',
        'timer': 'nothing: seconds are always recorded in history.jsonl',
        'runtime_info': 'nothing: it is always there',
        'param_scheduler': 'schedule',
        'sampler_seed': 'nothing: each epoch draws afresh from randomness.seed',
        'visualization': 'tools/predict.py, which draws detections',
        'early_stopping': 'custom_hooks',
    },
}
_OWN = {('evaluation', 'metric')}


def check_legacy(cfg: dict[str, Any], problems: Problems) -> set[KeyPath]:
    """Refuse words of other places and times; gives the key paths that need no second message."""
    said: set[KeyPath] = set()
    for key, new in TOP_LEVEL_LEGACY.items():
        if key in cfg:
            problems.add((key,), f'{key!r} is a word of mmdet or mmengine; here write {new}')
            said.add((key,))
    for path, here, words in _places(cfg):
        for key, new in words.items():
            if key not in here or (*path, key) in _OWN:
                continue
            said.add((*path, key))
            problems.add(
                (*path, key),
                f'is said in another place; here it is {new}'
                + _both(cfg, here[key], new, problems),
            )
    return said


def _places(cfg: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any], dict[str, str]]]:
    """Key path, section and misplaced words; each dict of a list is a section of its own."""
    for path, words in ELSEWHERE.items():
        listed = cfg.get(path[0]) if len(path) == 1 else None
        if isinstance(listed, list | tuple):
            for i, one in enumerate(listed):
                if isinstance(one, dict) and measures_besides(one):
                    yield (*path, i), one, words
        else:
            yield path, section(cfg, *path), words


def _both(cfg: dict[str, Any], value: object, new: str, problems: Problems) -> str:
    """The two values, where both places speak."""
    path = tuple(new.split('.'))
    holder = section(cfg, *path[:-1])
    if len(path) < 2 or path[-1] not in holder:
        return f' (got {value!r})'
    origin = problems.origins.of(path)
    where = f' ({origin})' if origin else ''
    return f'. Both speak: {value!r} here, {holder[path[-1]]!r} in {new}{where}; keep {new} only'
