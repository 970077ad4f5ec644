"""All translations in their order: a config in mmdet's words to one in this package's."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.auto_scale import rewrite_auto_scale
from mmholdout.config.from_mmdet.custom_hooks import rewrite_custom_hooks
from mmholdout.config.from_mmdet.datasets import rewrite_datasets
from mmholdout.config.from_mmdet.default_hooks import rewrite_default_hooks
from mmholdout.config.from_mmdet.evaluation import rewrite_evaluation
from mmholdout.config.from_mmdet.evaluators import rewrite_evaluators
from mmholdout.config.from_mmdet.loaders import rewrite_loaders
from mmholdout.config.from_mmdet.loops import rewrite_loops
from mmholdout.config.from_mmdet.lr_config import rewrite_lr_config
from mmholdout.config.from_mmdet.model import rewrite_model
from mmholdout.config.from_mmdet.optimizer import rewrite_optimizer
from mmholdout.config.from_mmdet.param_scheduler import rewrite_param_scheduler
from mmholdout.config.from_mmdet.repeats import fold_repeats
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.from_mmdet.runtime import rewrite_runtime
from mmholdout.config.from_mmdet.two_x_data import rewrite_data
from mmholdout.config.from_mmdet.words import DROPPED
from mmholdout.config.origin import Origins

#: Later ones rely on what earlier ones have put in place: lengths of the run before rates, rates
#: before the folding of repeated passes, which multiplies all of them.
STEPS = (
    rewrite_model,
    rewrite_data,
    rewrite_runtime,
    rewrite_optimizer,
    rewrite_loops,
    rewrite_evaluation,
    rewrite_evaluators,
    rewrite_default_hooks,
    rewrite_custom_hooks,
    rewrite_loaders,
    rewrite_datasets,
    rewrite_auto_scale,
    rewrite_lr_config,
    rewrite_param_scheduler,
    fold_repeats,
)


def from_mmdet(cfg: dict[str, Any], origins: Origins) -> Rewriting:
    """Translate what is written in mmdet's words, 2.x or 3.x; the rest stays as it is.

    Args:
        cfg: as loaded; stays as it is.
        origins: is added to: a translated key has the line of the key that it stands for.
    """
    rewriting = Rewriting(cfg, origins)
    for word, instead in DROPPED.items():
        rewriting.drop((word,), instead)
    for step in STEPS:
        step(rewriting)
    return rewriting
