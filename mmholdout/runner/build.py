"""Build the runner of a training run from translated words."""

from __future__ import annotations

import platform
import shlex
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
from mmholdout.runner.annotation_record import (
    digest_annotations,
    of_each_split,
    write_annotations,
)
from mmholdout.runner.data_present import require_data
from mmholdout.runner.device import with_copies_ahead
from mmholdout.runner.parts import Words, build_split, build_train_eval, reports_of
from mmholdout.runner.prior_fit import prior_lines
from mmholdout.runner.run_folder import RunFolder
from mmholdout.runner.runner import HeldOutRunner
from mmholdout.runner.score_thresholds import CLASS_SCORE_THRS
from mmholdout.runner.separation import compare_splits, gather
from mmholdout.runner.separation_files import write_separation
from mmholdout.runner.split_progress import SplitProgress
from mmholdout.runner.state import plain
from mmholdout.runner.steering_record import steering_record


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
    built = with_copies_ahead(words, device)
    seed = words.get('randomness', {}).get('seed', 0)
    refit = words.get('refit')
    loaders = {
        split: build_split(built, split, seed=seed)
        for split in (('train',) if refit else ('train', 'val'))
    }
    train_loader = loaders['train']
    for split, loader in loaders.items():
        for report in reports_of(loader.dataset):
            console.say(f'{split}: {report}')
    table, warnings = prior_lines(words, train_loader.dataset)
    console.say(f'priors: {table}')
    for warning in warnings:
        console.say(f'warning: priors: {warning}')
    progress = SplitProgress(console, stop_request)
    datasets = {split: loader.dataset for split, loader in loaders.items()}
    separation = compare_splits(
        gather(datasets, words, test_dataset),
        words,
        earlier=content['meta'].get('splits') if content else None,
        progress=progress,
        sheet_command=f'python tools/prepare_data.py check {shlex.quote(config_path)} --sheet '
        'near_duplicates.png (with the --cfg-options of this run)',
    )
    progress.close()
    for line in separation.lines:
        console.say(line)
    for line in separation.details:
        console.log(line)
    precision = precision or Precision(device.partition(':')[0])
    annotations = digest_annotations(words, tuple(loaders))
    classes = tuple(train_loader.dataset.metainfo['classes'])
    meta = {
        'classes': classes,
        'config_file': Path(config_path).name,
        'words': plain(words),
        'seed': seed,
        'precision': precision.dtype,
        'versions': plain(versions()),
        'splits': separation.record,
        'annotations': of_each_split(annotations),
        'steering': steering_record(words, content['meta'] if content else None),
    }
    if refit:
        meta |= {'refit': plain(refit), CLASS_SCORE_THRS: plain(refit[CLASS_SCORE_THRS])}

    def accepted() -> None:
        begin()
        for line in write_separation(folder.path, separation):
            console.say(line)
        for line in write_annotations(folder.path / 'annotations.json', annotations):
            console.say(line)

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
        model=ConfigDict(built['model']),
        train_dataloader=train_loader,
        train_cfg=words['train_cfg'],
        **_validation(built, loaders.get('val'), seed),
        optim_wrapper=words['optim_wrapper'],
        default_hooks=words['default_hooks'],
        custom_hooks=words.get('custom_hooks'),
        randomness={'deterministic': False, **words.get('randomness', {}), 'seed': seed},
        env_cfg=words.get('env_cfg', {}),
        visualizer=words.get('visualizer'),
    )


def _validation(words: Words, loader: Any, seed: int) -> dict[str, Any]:
    """The parts that measure; mmengine wants all three or none, which a refit has."""
    if loader is None:
        return {}
    cfg = dict(words['val_cfg'])
    count = cfg.pop('train_eval', 0)
    cfg['train_eval_loader'] = build_train_eval(words, count, seed=seed)
    cfg['loss_group'] = words['train_dataloader'].get('batch_size', 1)
    return {
        'val_dataloader': loader,
        'val_cfg': cfg,
        'val_evaluator': words['val_evaluator'],
    }
