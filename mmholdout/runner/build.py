"""Build the runner of a training run from translated words."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import mmdet
import mmengine
import numpy as np
import torch
from mmengine.config import ConfigDict

import mmholdout
from mmholdout import ops
from mmholdout.config.monitors import declared_metrics
from mmholdout.history.interruption import StopRequest
from mmholdout.loops.precision import Precision
from mmholdout.report.console import Console
from mmholdout.runner.data_present import require_data
from mmholdout.runner.parts import Words, build_split, build_train_eval, reports_of
from mmholdout.runner.prior_fit import prior_lines
from mmholdout.runner.run_folder import RunFolder
from mmholdout.runner.runner import HeldOutRunner
from mmholdout.runner.separation import compare_splits
from mmholdout.runner.state import plain
from mmholdout.splits.record import write_splits


def versions() -> dict[str, str]:
    """What this run computes with; kept in every checkpoint."""
    return {
        'mmholdout': mmholdout.__version__,
        'torch': torch.__version__,
        'mmengine': mmengine.__version__,
        'mmdet': mmdet.__version__,
        'numpy': np.__version__,
        'opencv': cv2.__version__,
        'python': platform.python_version(),
        'operators': ops.backend_name(),
    }


def build_runner(
    words: Words,
    *,
    folder: RunFolder,
    console: Console,
    device: str,
    stop_request: StopRequest,
    config_path: str,
    resume_command: str,
    test_dataset: Words | None = None,
    content: dict[str, Any] | None = None,
    precision: Precision | None = None,
    begin: Callable[[], None] = lambda: None,
) -> HeldOutRunner:
    """Read and compare the splits, build loaders, model and hooks.

    Args:
        words: translated, without the test split.
        folder: the run's.
        console: to report on.
        device: for the model.
        stop_request: notes signals.
        config_path: for the checkpoints' meta.
        resume_command: for the message after an interruption.
        test_dataset: names the test split's list, for the comparison of ids only.
        content: the full checkpoint to continue from.
        precision: of training, and so of validation.
        begin: makes the run folder; called when data, model and weights have been accepted.
    """
    require_data(words, test_dataset)
    seed = words.get('randomness', {}).get('seed', 0)
    train_loader = build_split(words, 'train', seed=seed)
    val_loader = build_split(words, 'val', seed=seed)
    for split, loader in (('train', train_loader), ('val', val_loader)):
        for report in reports_of(loader.dataset):
            console.say(f'{split}: {report}')
    table, warnings = prior_lines(words, train_loader.dataset)
    console.say(f'priors: {table}')
    for warning in warnings:
        console.say(f'warning: priors: {warning}')
    ids = compare_splits({'train': train_loader.dataset, 'val': val_loader.dataset}, test_dataset)
    precision = precision or Precision(device.partition(':')[0])
    val_cfg = dict(words['val_cfg'])
    count = val_cfg.pop('train_eval', 0)
    val_cfg['train_eval_loader'] = build_train_eval(words, count, seed=seed)
    val_cfg['loss_group'] = words['train_dataloader'].get('batch_size', 1)
    classes = tuple(train_loader.dataset.metainfo['classes'])
    meta = {
        'classes': classes,
        'config_file': Path(config_path).name,
        'words': plain(words),
        'seed': seed,
        'precision': precision.dtype,
        'versions': plain(versions()),
    }

    def accepted() -> None:
        begin()
        write_splits(folder.splits, ids)

    return HeldOutRunner(
        content=content,
        load_from=words.get('load_from'),
        freeze=words.get('freeze') or (),
        precision=precision,
        on_accepted=accepted,
        folder=folder,
        console=console,
        device=device,
        stop_request=stop_request,
        meta=meta,
        declared_metrics=declared_metrics(words),
        resume_command=resume_command,
        model=ConfigDict(words['model']),
        train_dataloader=train_loader,
        train_cfg=words['train_cfg'],
        val_dataloader=val_loader,
        val_cfg=val_cfg,
        val_evaluator=words['val_evaluator'],
        optim_wrapper=words['optim_wrapper'],
        default_hooks=words['default_hooks'],
        custom_hooks=words.get('custom_hooks'),
        randomness={'deterministic': False, **words.get('randomness', {}), 'seed': seed},
        env_cfg=words.get('env_cfg', {}),
        visualizer=words.get('visualizer'),
    )
