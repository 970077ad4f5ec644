"""Which registry a `type` at a place in the config belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from mmholdout.config.origin import Key
from mmholdout.config.words import EVALUATORS, LOADERS, LOOP_TYPES

_ANYTHING_IN_A_MODEL = ('MODELS', 'TASK_UTILS')
# Taken by the builder of a layer, not by the layer's class.
EXTRA: dict[str, frozenset[str]] = {
    'norm_cfg': frozenset({'requires_grad'}),
    'dcn': frozenset({'fallback_on_stride', 'deformable_groups'}),
    'loss_cls': frozenset({'bg_cls_weight'}),  # taken out by DETR's head
    'init_cfg': frozenset({'override', 'name'}),
    'custom_hooks': frozenset({'priority'}),
    'default_hooks': frozenset({'priority'}),
    'optim_wrapper': frozenset({'constructor', 'paramwise_cfg'}),
}
_OWN_NAMES = ('roi_layer', 'upsample_cfg')  # read by their detector; no class's keywords
NMS_TYPES = ('nms', 'soft_nms')
NMS_KEYS = frozenset(
    {
        'type',
        'iou_threshold',
        'score_threshold',
        'max_num',
        'class_agnostic',
        'split_thr',
        'offset',
        'sigma',
        'min_score',
        'method',
    }
)


def registries_at(path: Sequence[Key]) -> tuple[str, ...] | None:
    """Names of the registries for `<path>.type`; None where no class is known to be built."""
    names = [key for key in path if isinstance(key, str)]
    if not names:
        return None
    top, last, depth = names[0], names[-1], len(path)
    if top == 'model':
        if last in _OWN_NAMES or last.endswith('_trans'):
            return None
        return ('WEIGHT_INITIALIZERS',) if last == 'init_cfg' else _ANYTHING_IN_A_MODEL
    if top in LOADERS:
        return _in_loader(names)
    if top == 'optim_wrapper':
        return {'optim_wrapper': ('OPTIM_WRAPPERS',), 'optimizer': ('OPTIMIZERS',)}.get(last)
    if top in LOOP_TYPES and depth == 1:
        return ('LOOPS',)
    if top in EVALUATORS and len(names) == 1:
        return ('METRICS',)
    if top in ('custom_hooks', 'default_hooks') and depth == 2:
        return ('HOOKS',)
    return None


def extra_keys(path: Sequence[Key]) -> frozenset[str]:
    """Keywords at a place that its class need not take."""
    names = [key for key in path if isinstance(key, str)]
    if names[0] in ('custom_hooks', 'default_hooks'):
        return EXTRA[names[0]]
    return EXTRA.get(names[-1], frozenset())


def is_nms(path: Sequence[Key]) -> bool:
    """Whether the dict there names an NMS function, which no registry has."""
    return path[0] == 'model' and path[-1] in ('nms', 'dqs_cfg')


def _in_loader(names: Sequence[str]) -> tuple[str, ...] | None:
    if 'pipeline' in names:
        return ('TRANSFORMS',)
    if names[-1] in ('dataset', 'datasets'):
        return ('DATASETS',)
    return None
