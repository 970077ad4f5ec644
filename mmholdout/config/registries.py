"""Look-up of `type` names in the registries: ours first, mmdet's next, mmengine's last."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from mmholdout.config.signatures import Signature, signature_of
from mmholdout.config.source_index import registered_in
from mmholdout.config.source_signature import read_signature

# What has to be imported before a registry knows its names, ours first; a later entry is only
# imported when the earlier ones did not have the name.
HOMES: dict[str, tuple[str, ...]] = {
    'MODELS': ('mmholdout.models', 'mmdet.models', 'mmcv.cnn', 'mmengine.model'),
    'TASK_UTILS': ('mmholdout.models', 'mmdet.models'),
    'WEIGHT_INITIALIZERS': ('mmholdout.models', 'mmengine.model'),
    'DATASETS': ('mmholdout.datasets', 'mmdet.datasets', 'mmengine.dataset'),
    'TRANSFORMS': ('mmholdout.datasets', 'mmdet.datasets', 'mmcv.transforms'),
    'HOOKS': ('mmholdout.hooks', 'mmdet.engine', 'mmengine.hooks'),
    'LOOPS': ('mmholdout.loops',),
    'METRICS': ('mmholdout.evaluation', 'mmdet.evaluation'),
    'OPTIMIZERS': ('mmengine.optim',),
    'OPTIM_WRAPPERS': ('mmholdout.loops', 'mmengine.optim'),
}

_LAYERS = {
    **{n: n for n in ('ReLU', 'LeakyReLU', 'PReLU', 'ReLU6', 'ELU', 'GELU', 'SiLU', 'Sigmoid')},
    **{n: n for n in ('Tanh', 'Conv1d', 'Conv2d', 'Conv3d')},
    'BN': 'BatchNorm2d',
    'BN2d': 'BatchNorm2d',
    'SyncBN': 'SyncBatchNorm',
    'GN': 'GroupNorm',
    'LN': 'LayerNorm',
    'IN': 'InstanceNorm2d',
    'Conv': 'Conv2d',
}


def find(registries: Sequence[str], name: Any) -> Any:
    """The class or function that a `type` names, or None.

    Args:
        registries: their names, as in `mmholdout.registry`.
        name: 'SSDHead', 'mmdet.SSDHead', or the class itself.
    """
    if not isinstance(name, str):
        return name
    scope, _, bare = name.rpartition('.')
    for registry in registries:
        for home in HOMES[registry]:
            _import(home)
            for node in family(registry):  # ours first
                if scope in ('', node.scope) and bare in node.module_dict:
                    return node.module_dict[bare]
    return None


def signature(registries: Sequence[str], name: Any) -> Signature | None:
    """The keywords of what a `type` names; None if there is no such thing.

    What has been imported (a user's classes) is asked, everything else is read from its source;
    only what reading does not settle is imported.
    """
    thing = find_imported(registries, name)
    if thing is not None:
        return signature_of(thing)
    scope, _, bare = str(name).rpartition('.')
    for registry in registries:
        for home in HOMES[registry]:
            place = registered_in(home).get((registry, bare))
            if place is not None and scope in ('', home.partition('.')[0]):
                read = read_signature(place)
                if read is not None:
                    return read
    thing = find(registries, name)
    return None if thing is None else signature_of(thing)


def find_imported(registries: Sequence[str], name: Any) -> Any:
    """What has a name already, without importing more: the class itself, ours, torch's own."""
    if not isinstance(name, str):
        return name
    from mmholdout import registry as ours

    scope, _, bare = name.rpartition('.')
    for registry in registries:
        if scope in ('', ours.SCOPE) and bare in getattr(ours, registry).module_dict:
            return getattr(ours, registry).module_dict[bare]
    return _torchs_own(registries, name)


def known(registries: Sequence[str]) -> list[str]:
    """Every name that the registries have, once all homes are imported."""
    names: set[str] = set()
    for registry in registries:
        for home in HOMES[registry]:
            _import(home)
        for node in family(registry):
            names.update(node.module_dict)
    return sorted(names)


def _torchs_own(registries: Sequence[str], name: str) -> Any:
    """What mmengine and mmcv register in loops over torch's classes."""
    import torch

    if 'OPTIMIZERS' in registries:
        optimizer = getattr(torch.optim, name, None)
        return optimizer if isinstance(optimizer, type) else None
    if 'MODELS' in registries and name in _LAYERS:
        return getattr(torch.nn, _LAYERS[name])
    return None


def family(registry: str) -> list[Any]:
    """Our registry of a name, then mmdet's, then mmengine's."""
    from mmholdout import registry as ours

    node = getattr(ours, registry)
    nodes = []
    while node is not None:
        nodes.append(node)
        node = node.parent
    return nodes


def _import(home: str) -> None:
    from mmholdout import registry  # noqa: F401  (operators first, see there)

    importlib.import_module(home)
