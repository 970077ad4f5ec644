"""The prior boxes of a detector and the overlap that makes one positive, from its config."""

from __future__ import annotations

import copy
import inspect
from dataclasses import dataclass
from typing import Any

from mmdet.models.task_modules.assigners import GridAssigner, MaxIoUAssigner
from mmdet.models.task_modules.prior_generators import (
    AnchorGenerator,
    SSDAnchorGenerator,
    YOLOAnchorGenerator,
)
from mmengine.registry import DefaultScope

from mmholdout.config.registries import find
from mmholdout.config.signatures import signature_of
from mmholdout.priors.coverage import Threshold
from mmholdout.priors.family import Family
from mmholdout.priors.level import Level
from mmholdout.priors.no_fit import NoFitError
from mmholdout.priors.octave_family import OctaveFamily
from mmholdout.priors.ssd_family import SSDFamily
from mmholdout.priors.yolo_family import YOLOFamily
from mmholdout.registry import TASK_UTILS

FAMILIES: dict[type, type[Family]] = {
    SSDAnchorGenerator: SSDFamily,
    YOLOAnchorGenerator: YOLOFamily,
    AnchorGenerator: OctaveFamily,
}


@dataclass(frozen=True)
class PriorRule:
    """What a head compares objects with.

    Attributes:
        head: its key in the model's config, 'bbox_head' or 'rpn_head'.
        generator: the built generator.
        words: the generator's arguments, `type` included; of the head's default where the config
            names none (`written` is False then).
        written: whether the config names the generator.
        levels: its priors.
        threshold: of the assigner.
        assigner: the built assigner.
    """

    head: str
    generator: AnchorGenerator
    words: dict[str, Any]
    written: bool
    levels: tuple[Level, ...]
    threshold: Threshold
    assigner: MaxIoUAssigner | GridAssigner


def prior_rule(model: dict[str, Any]) -> PriorRule:
    """Read it from a model's config; only the generator and the assigner are built.

    MaxIoUAssigner makes every prior positive whose IoU with an object reaches `pos_iou_thr`
    (unless another object overlaps it more). GridAssigner asks for more than `pos_iou_thr`, of
    the priors in the cell that the object's centre is in; on a regular grid those are also the
    nearest. Both give an object its best prior too, however low the overlap, if it is
    at least `min_pos_iou` and (MaxIoUAssigner) `match_low_quality` is on: an object below the
    threshold is then learned from one prior alone, and it is that of its neighbour where
    they share it.

    Raises:
        NoFitError: no fixed priors, no assigner with a fixed positive IoU, or a head whose loss
            does not use it.
    """
    key, head, train_cfg = _head(model)
    cls = find(('MODELS',), head.get('type'))
    words, written = _generator_words(cls, head)
    assigner_words = train_cfg.get('assigner')
    if not isinstance(assigner_words, dict):
        raise NoFitError(f'not applicable: the training of {key} names no assigner')
    with DefaultScope.overwrite_default_scope('mmholdout'):
        generator = TASK_UTILS.build(copy.deepcopy(words))
        assigner = TASK_UTILS.build(copy.deepcopy(assigner_words))
    _require_fixed(cls, generator, assigner)
    return PriorRule(
        key,
        generator,
        words,
        written,
        levels_of(generator),
        Threshold(
            float(assigner.pos_iou_thr),
            above=type(assigner) is GridAssigner,
            border=-1 if type(assigner) is GridAssigner else train_cfg.get('allowed_border', -1),
        ),
        assigner,
    )


def levels_of(generator: AnchorGenerator) -> tuple[Level, ...]:
    """The priors of a built generator."""
    return tuple(
        Level(base.double().numpy(), (float(stride[0]), float(stride[1])))
        for base, stride in zip(generator.base_anchors, generator.strides)
    )


def rule_with(rule: PriorRule, arguments: dict[str, Any]) -> PriorRule:
    """The same head with other arguments of its generator."""
    words = {**rule.words, **arguments}
    with DefaultScope.overwrite_default_scope('mmholdout'):
        generator = TASK_UTILS.build(copy.deepcopy(words))
    return PriorRule(
        rule.head,
        generator,
        words,
        rule.written,
        levels_of(generator),
        rule.threshold,
        rule.assigner,
    )


def family_of(rule: PriorRule) -> Family:
    """What can be proposed for the generator.

    Raises:
        NoFitError: for this kind of generator nothing can.
    """
    family = FAMILIES.get(type(rule.generator))
    if family is None:
        known = ', '.join(kind.__name__ for kind in FAMILIES)
        raise NoFitError(
            f'no proposal for {type(rule.generator).__name__}: known are {known} themselves'
        )
    words = {**signature_of(type(rule.generator)).defaults, **rule.words}
    if words.get('scale_major') and family is SSDFamily:
        raise NoFitError(
            'no proposal while anchor_generator.scale_major is True, its default: mmdet then '
            'confuses scales with ratios. SSD needs scale_major=False'
        )
    return family(rule.levels, words)


def _head(model: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Key and config of the head with priors, and the part of train_cfg that it is trained by."""
    train_cfg = model.get('train_cfg') or {}
    if isinstance(model.get('rpn_head'), dict):
        return 'rpn_head', model['rpn_head'], train_cfg.get('rpn') or {}
    if isinstance(model.get('bbox_head'), dict):
        return 'bbox_head', model['bbox_head'], train_cfg
    raise NoFitError(f'not applicable: {model.get("type")} has no bbox_head and no rpn_head')


def _generator_words(cls: Any, head: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    written = head.get('anchor_generator')
    taken = signature_of(cls)
    words = written or taken.defaults.get('anchor_generator')
    if 'anchor_generator' not in taken.keywords or not words:
        raise NoFitError(f'not applicable: {taken.name} has no prior boxes of fixed sizes')
    return dict(words), bool(written)


def _require_fixed(cls: Any, generator: Any, assigner: Any) -> None:
    if type(assigner) not in (MaxIoUAssigner, GridAssigner):
        raise NoFitError(f'not applicable: {type(assigner).__name__} has no fixed positive IoU')
    if type(assigner.iou_calculator).__name__ != 'BboxOverlaps2D':
        name = type(assigner.iou_calculator).__name__
        raise NoFitError(f'not applicable: the assigner measures overlap by {name}, not by IoU')
    regular = (
        isinstance(generator, AnchorGenerator)
        and type(generator).single_level_grid_priors is AnchorGenerator.single_level_grid_priors
        and type(generator).grid_priors is AnchorGenerator.grid_priors
    )
    if not regular:
        name = type(generator).__name__
        raise NoFitError(f'not applicable: {name} does not make boxes on a regular grid')
    if not _uses_targets(cls):
        raise NoFitError(f'not applicable: the loss of {cls.__name__} does not use its assigner')


def _uses_targets(cls: type) -> bool:
    """Whether the loss asks `get_targets`, which asks the assigner; FreeAnchor's does not."""
    for base in cls.__mro__:
        loss = vars(base).get('loss_by_feat')
        if loss is None:
            continue
        source = inspect.getsource(loss)
        if 'self.get_targets(' in source:
            return True
        if 'super().loss_by_feat(' not in source:
            return False
    return False
