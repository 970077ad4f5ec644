"""Train one of our configs with stock mmdet: its model class, data set, loops, hooks and metric.

    PEER_PYTHON benchmarks/epoch_stock.py CONFIG DATA_ROOT WORK_DIR EPOCHS CLOCK BATCH_SIZE FIXED \
        AMP WORKERS [WEIGHTS]

Run by epoch.py in an environment that has mmdet with compiled operators. The one change to mmdet
is `SSDHead.loss_cls = None`, without which no SSD of it survives its first validation.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mmengine.config import Config
from mmengine.runner import Runner

sys.path.insert(0, str(Path(__file__).parent))
import epoch_clock  # noqa: F401  (registers its hook)
import epoch_fixed_batch  # noqa: F401  (the same)


def stock(
    path: str,
    data_root: str,
    work_dir: str,
    epochs: int,
    clock: str,
    batch_size: int,
    fixed: bool,
    amp: str,
    workers: int,
) -> Config:
    """The config in mmdet's words; `data_root` holds a folder VOC2007, as its data set asks for."""
    cfg = Config.fromfile(path)
    if cfg.model.type == 'ChannelsLastDetector':
        cfg.model.type = 'SingleStageDetector'
    cfg.model.backbone.pop('init_cfg', None)
    classes = tuple(cfg.classes)
    for split in ('train', 'val'):
        dataset = cfg[f'{split}_dataloader'].dataset
        cfg[f'{split}_dataloader'].dataset = dict(
            type='VOCDataset',
            data_root=data_root,
            ann_file=f'VOC2007/{dataset.ann_file}',
            data_prefix=dict(sub_data_root='VOC2007/'),
            metainfo=dict(classes=classes, palette=[(0, 0, 0)] * len(classes)),
            filter_cfg=None if split == 'val' else dict(bbox_min_size=1),  # BCCD has empty boxes
            test_mode=split == 'val',
            pipeline=dataset.pipeline,
        )
    if batch_size:
        cfg.train_dataloader.batch_size = cfg.val_dataloader.batch_size = batch_size
    if workers >= 0:
        cfg.train_dataloader.update(
            num_workers=workers, persistent_workers=workers > 0, pin_memory=True
        )
    precision = dict(type='AmpOptimWrapper', dtype=amp) if amp else dict(type='OptimWrapper')
    own = dict(
        default_scope='mmdet',
        work_dir=work_dir,
        train_cfg=dict(type='EpochBasedTrainLoop', max_epochs=epochs, val_interval=1),
        val_cfg=dict(type='ValLoop'),
        val_evaluator=dict(type='VOCMetric', metric='mAP', eval_mode='area'),
        optim_wrapper=dict(
            **precision,
            optimizer=dict(type='SGD', lr=1e-3, momentum=0.9, weight_decay=5e-4),
            clip_grad=dict(max_norm=10.0),
        ),
        default_hooks=dict(
            timer=dict(type='IterTimerHook'),
            logger=dict(type='LoggerHook', interval=50),
            param_scheduler=dict(type='ParamSchedulerHook'),
            checkpoint=dict(type='CheckpointHook', interval=1),
            sampler_seed=dict(type='DistSamplerSeedHook'),
        ),
        custom_hooks=[dict(type='FixedBatchHook')] * fixed + [dict(type='ClockHook', path=clock)],
        env_cfg=cfg.env_cfg,
        model=cfg.model,
        train_dataloader=cfg.train_dataloader,
        val_dataloader=cfg.val_dataloader,
        randomness=dict(seed=0),
    )
    return Config(own)


def main() -> int:
    """Train."""
    config, data_root, work_dir, epochs, clock, batch_size, fixed, amp, workers, *weights = (
        sys.argv[1:]
    )
    from mmdet.models.dense_heads import SSDHead
    from mmdet.utils import register_all_modules

    register_all_modules(init_default_scope=False)
    SSDHead.loss_cls = None
    cfg = stock(
        *(config, data_root, work_dir, int(epochs), clock, int(batch_size)),
        fixed=bool(int(fixed)),
        amp=amp,
        workers=int(workers),
    )
    cfg.load_from = weights[0] if weights else None
    Runner.from_cfg(cfg).train()
    return 0


if __name__ == '__main__':
    sys.exit(main())
