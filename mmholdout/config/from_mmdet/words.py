"""Top-level words of mmdet that are translated, and those that need no counterpart."""

from __future__ import annotations

#: Word of mmdet 2.x -> the word that takes its place; such a word counts even where another line
#: of the base chain reads it, unless its successor is there too.
TWO_X = {
    'data': 'train_dataloader',
    'optimizer': 'optim_wrapper',
    'optimizer_config': 'optim_wrapper',
    'lr_config': 'schedule',
    'momentum_config': 'schedule',
    'runner': 'train_cfg',
    'total_epochs': 'train_cfg',
    'checkpoint_config': 'default_hooks',
    'log_config': 'default_hooks',
    'workflow': 'evaluation',
    'resume_from': 'resume',
    'dist_params': 'env_cfg',
    'cudnn_benchmark': 'env_cfg',
    'opencv_num_threads': 'env_cfg',
    'mp_start_method': 'env_cfg',
    'fp16': 'optim_wrapper',
    'seed': 'randomness',
    'deterministic': 'randomness',
}
STOCK = ('param_scheduler', 'auto_scale_lr')

_LOG = 'the console prints a line for each validation; default_hooks.console sets its interval'
_CURVES = 'curves.png and history.jsonl in the run folder need no configuration'
_TTA = 'there is no test-time augmentation; tools/test.py tests the model as it is'
#: Top-level words that nothing here depends on -> what does their work.
DROPPED = {
    'visualizer': _CURVES,
    'vis_backends': _CURVES,
    'log_processor': _LOG,
    'log_level': _LOG,
    'tta_model': _TTA,
    'tta_pipeline': _TTA,
    'find_unused_parameters': 'it is a matter of several processes; a run has one',
    'gpu_ids': '--device on the command line',
    'gpus': '--device on the command line',
    'device': '--device on the command line',
}
FOREIGN = frozenset({*TWO_X, *STOCK, *DROPPED})
