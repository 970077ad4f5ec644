"""Exchanging what a training loader does to its samples, between two epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmengine.dataset import Compose
from mmengine.registry import DefaultScope
from torch.utils.data import DataLoader

from mmholdout.datasets.loader import close_loader
from mmholdout.datasets.other_samples import connect, leaves_of
from mmholdout.errors import ConfigError
from mmholdout.registry import TRANSFORMS


def pipelines_of(loader: DataLoader) -> list[tuple[Any, Compose]]:
    """The datasets that read files, below all wrappers, and their pipelines.

    Raises:
        ConfigError: there is none.
    """
    found = [
        (leaf, leaf.pipeline)
        for leaf in leaves_of(loader.dataset)
        if hasattr(leaf.pipeline, 'transforms')
    ]
    if not found:
        raise ConfigError('the training data set has no pipeline that could be exchanged')
    return found


def built_pipeline(steps: Sequence[Any]) -> Compose:
    """Transforms from their configs, looked up here first and in mmdet next.

    Raises:
        ConfigError: an unknown type, or arguments that its class does not take.
    """
    try:
        with DefaultScope.overwrite_default_scope('mmholdout'):
            return Compose([TRANSFORMS.build(s) if isinstance(s, dict) else s for s in steps])
    except (KeyError, TypeError, ValueError, AssertionError) as error:
        said = ' '.join(str(error).split())
        raise ConfigError(f'switch_pipeline cannot be built: {said}') from error


def exchange_pipelines(loader: DataLoader, pipelines: Sequence[tuple[Any, Compose]]) -> None:
    """Give each dataset its pipeline; workers that have the old one are ended."""
    for leaf, pipeline in pipelines:
        leaf.pipeline = pipeline
    connect(loader.dataset)
    close_loader(loader)


def skip_transforms(loader: DataLoader, names: Sequence[str] | None) -> None:
    """Let a MultiImageMixDataset leave out transforms of these types; workers are ended."""
    loader.dataset.update_skip_type_keys(tuple(names or ()))
    close_loader(loader)
