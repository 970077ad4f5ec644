"""The words of a config: what may stand at the top level and in sections that no class takes."""

from __future__ import annotations

from typing import Any

SPLITS = ('train', 'val', 'test')
LOADERS = tuple(f'{split}_dataloader' for split in SPLITS)
LOOP_TYPES = {'train_cfg': 'TrainLoop', 'val_cfg': 'ValLoop', 'test_cfg': 'TestLoop'}
EVALUATORS = ('val_evaluator', 'test_evaluator')

TOP_LEVEL = frozenset(
    {
        'model',
        'data_root',
        *LOADERS,
        *LOOP_TYPES,
        'evaluation',
        'splits',
        'fold',
        'refit',
        *EVALUATORS,
        'optim_wrapper',
        'ema',
        'freeze',
        'exact_resume',
        'compile',
        'schedule',
        'default_hooks',
        'custom_hooks',
        'randomness',
        'load_from',
        'custom_imports',
        'work_dir',
        'env_cfg',
        'launcher',
        'resume',
        'default_scope',
    }
)
REQUIRED = ('model', 'train_dataloader', 'val_dataloader', 'train_cfg', 'optim_wrapper')

# Sections without a type, each with all its keys.
SECTIONS: dict[tuple[str, ...], frozenset[str]] = {
    ('evaluation',): frozenset(
        {
            'interval',
            'metric',
            'by_epoch',
            'iou_thr',
            'begin',
            'loss',
            'train_eval',
            'bootstrap',
            'save_best',
        }
    ),
    ('splits',): frozenset({'allow_overlap', 'near_duplicates', 'group'}),
    ('ema',): frozenset({'momentum', 'gamma', 'begin', 'update_buffers'}),
    ('randomness',): frozenset({'seed', 'deterministic'}),
    ('env_cfg',): frozenset({'cudnn_benchmark', 'mp_cfg', 'dist_cfg', 'resource_limit'}),
    ('env_cfg', 'mp_cfg'): frozenset({'mp_start_method', 'opencv_num_threads'}),
    ('env_cfg', 'dist_cfg'): frozenset({'backend', 'timeout'}),
    ('custom_imports',): frozenset({'imports', 'allow_failed_imports'}),
    ('default_hooks',): frozenset({'checkpoint', 'console', 'overfitting', 'curves'}),
    **{
        (loader,): frozenset(
            {
                'dataset',
                'batch_size',
                'num_workers',
                'persistent_workers',
                'prefetch_factor',
                'pin_memory',
                'drop_last',
                'timeout',
                'sampler',
            }
        )
        for loader in LOADERS
    },
    # The loader draws its own order, which depends on seed and epoch alone; it reads no more.
    **{(loader, 'sampler'): frozenset({'type', 'shuffle'}) for loader in LOADERS},
    ('optim_wrapper', 'clip_grad'): frozenset(
        {'type', 'max_norm', 'norm_type', 'error_if_nonfinite', 'clip_value', 'foreach'}
    ),
    ('optim_wrapper', 'paramwise_cfg'): frozenset(
        {
            'custom_keys',
            'bias_lr_mult',
            'bias_decay_mult',
            'norm_decay_mult',
            'flat_decay_mult',
            'dwconv_decay_mult',
            'dcn_offset_lr_mult',
            'bypass_duplicate',
        }
    ),
}
HOOK_TYPES = {
    'checkpoint': 'CheckpointHook',
    'console': 'ConsoleHook',
    'overfitting': 'OverfittingHook',
    'curves': 'CurvesHook',
}


def section(cfg: dict[str, Any], *path: str) -> dict[str, Any]:
    """A section, or an empty one where it is absent or of another kind (the check says so)."""
    value: Any = cfg
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
