"""VGG16's ImageNet weights for SSD's backbone: `init_cfg=dict(type='VGG16Weights')`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from mmengine.model import update_init_info, xavier_init
from torch import nn

from mmholdout.errors import ConfigError, did_you_mean
from mmholdout.guards.tensors import safely
from mmholdout.models.vgg16_layouts import (
    CONVS,
    FC6,
    FC7,
    LAYOUTS,
    backbone_weights,
    check_fit,
    layout_of,
    state_dict_of,
)
from mmholdout.models.weights_file import weights_file
from mmholdout.registry import WEIGHT_INITIALIZERS

PUBLISHED = {
    'caffe': 'https://download.openmmlab.com/pretrain/third_party/vgg16_caffe-292e1171.pth',
    'torchvision': 'https://download.pytorch.org/models/vgg16-397923af.pth',
}
REMEDY = (
    'Give a file: --cfg-options model.backbone.init_cfg.checkpoint=PATH '
    f'(from {PUBLISHED["caffe"]} or {PUBLISHED["torchvision"]}). Or train from scratch: '
    'configs/ssd300_bn_bccd.py shows how (_base_/models/ssd300_bn.py)'
)

_not_needed: ContextVar[bool] = ContextVar('_not_needed', default=False)
_logger = logging.getLogger(__name__)


@contextmanager
def weights_come_later(whether: bool = True) -> Iterator[None]:
    """Inside, nothing is read or downloaded: a resumed state or `load_from` gives all weights."""
    token = _not_needed.set(whether)
    try:
        yield
    finally:
        _not_needed.reset(token)


@WEIGHT_INITIALIZERS.register_module()
class VGG16Weights:
    """Load VGG16's weights into mmdet's `SSDVGG`; see `backbone_weights` for the two layouts.

    The data preprocessor must give RGB, minus (123.675, 116.28, 103.53), divided by 1, as in
    mmdet's SSD configs. (Caffe's own are BGR minus (123, 117, 104); mmdet's numbers with its
    file of Caffe's weights are for RGB.)

    Args:
        checkpoint: 'caffe' or 'torchvision' (downloaded once), a path, or an http(s) URL. See
            `weights_file` for where downloads go and how digests are checked.
        layout: 'caffe' or 'torchvision'; only for a file of convolutions alone, which does not
            show it. fc6 and fc7 are then drawn (Xavier, as Caffe fills new layers).

    Raises:
        ConfigError: an unknown layout, or one that is needed and not given; called: a file that
            cannot be had.
        CheckpointError: called: a file that is damaged, holds more than tensors, has another
            digest than its name says, or belongs to another network. Nothing is loaded then.
    """

    def __init__(self, checkpoint: str = 'caffe', layout: str | None = None) -> None:
        if layout is not None and layout not in LAYOUTS:
            raise ConfigError(
                f'layout of VGG16Weights is {layout!r}; it can be {" or ".join(LAYOUTS)}, or '
                f'left out.{did_you_mean(str(layout), LAYOUTS)}'
            )
        self.checkpoint, self.layout = str(checkpoint), layout

    def __call__(self, module: nn.Module) -> None:
        """Fill a backbone, all of it or, after an error, nothing."""
        if _not_needed.get():
            return
        path = weights_file(self.checkpoint, PUBLISHED, REMEDY)
        saved = state_dict_of(safely(torch.load)(str(path), map_location='cpu'), str(path))
        shown = layout_of(saved)
        if shown and self.layout and shown != self.layout:
            raise ConfigError(
                f'layout of VGG16Weights is {self.layout!r}, but {path} has the layout {shown!r}'
            )
        layout = shown or self.layout
        if layout is None:
            raise ConfigError(
                f'{path} has no fc6 and fc7, so that it does not show whether it expects images '
                "of unit variance. Say init_cfg=dict(type='VGG16Weights', checkpoint=..., "
                "layout='torchvision') if so, layout='caffe' if they are only centred"
            )
        weights = backbone_weights(saved, layout)
        check_fit(weights, module.state_dict(), str(path))
        module.load_state_dict(weights, strict=False)
        fresh = [n for n in (FC6, FC7) if f'features.{n}.weight' not in weights]
        for place in fresh:
            xavier_init(module.features[place], distribution='uniform')
        if hasattr(module, '_params_init_info'):
            update_init_info(module, init_info=f'VGG16Weights: {path} ({layout} layout)')
        _logger.info(
            '%s: %d tensors of %d layers loaded (%s layout)%s',
            path,
            len(weights),
            len(CONVS) + 2 - len(fresh),
            layout,
            '; fc6 and fc7 are not in it and were drawn' if fresh else '',
        )
