"""Look-up of `type` names in the registries: ours first, mmdet's next, mmengine's last."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

# What has to be imported before a registry knows its names, ours first; a later entry is only
# imported when the earlier ones did not have the name.
_HOMES: dict[str, tuple[str, ...]] = {
    'MODELS': ('mmholdout.models', 'mmdet.models', 'mmengine.model'),
    'TASK_UTILS': ('mmholdout.models', 'mmdet.models'),
    'WEIGHT_INITIALIZERS': ('mmengine.model',),
    'DATASETS': ('mmholdout.datasets', 'mmdet.datasets', 'mmengine.dataset'),
    'TRANSFORMS': ('mmholdout.datasets', 'mmcv.transforms', 'mmdet.datasets'),
    'DATA_SAMPLERS': ('mmholdout.datasets', 'mmengine.dataset', 'mmdet.datasets'),
    'HOOKS': ('mmholdout.hooks', 'mmengine.hooks', 'mmdet.engine'),
    'LOOPS': ('mmholdout.loops',),
    'METRICS': ('mmholdout.evaluation', 'mmdet.evaluation'),
    'OPTIMIZERS': ('mmengine.optim',),
    'OPTIM_WRAPPERS': ('mmengine.optim',),
    'OPTIM_WRAPPER_CONSTRUCTORS': ('mmengine.optim',),
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
        homes = ('', *_HOMES[registry])
        for home in homes:
            if home:
                _import(home)
            for node in _family(registry):
                if scope in ('', node.scope) and bare in node.module_dict:
                    return node.module_dict[bare]
    return None


def known(registries: Sequence[str]) -> list[str]:
    """Every name that the registries have, once all homes are imported."""
    names: set[str] = set()
    for registry in registries:
        for home in _HOMES[registry]:
            _import(home)
        for node in _family(registry):
            names.update(node.module_dict)
    return sorted(names)


def _family(registry: str) -> list[Any]:
    from mmholdout import registry as ours

    node = getattr(ours, registry)
    family = []
    while node is not None:
        family.append(node)
        node = node.parent
    return family


def _import(home: str) -> None:
    from mmholdout import registry  # noqa: F401  (operators first, see there)

    importlib.import_module(home)
