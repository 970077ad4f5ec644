"""Names in a config or a checkpoint stay names: no program in them is run, nothing imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

from mmholdout.errors import ConfigError, did_you_mean

_OPENMMLAB = ('mmcv', 'mmdet', 'mmengine', 'mmholdout')


def registered_types_only() -> None:
    """A `type` that no registry knows is a path to import for mmengine: `type='os.system'`.

    Afterwards it finds what is registered, under its name or its full path, and a scope that
    is not known (`type='x.Net'`, `_scope_='x'`) imports no `x.registry`.
    """
    from mmengine.registry import registry

    if getattr(registry.get_object_from_string, '__module__', '') == __name__:
        return
    find = registry.Registry.get

    def get(self: Any, key: str) -> Any:
        found = find(self, key)
        return found if found is not None else _by_path(self, key)

    get.__doc__ = find.__doc__
    registry.Registry.get = get
    registry.get_object_from_string = _nothing
    registry.import_module = _import_known


def _nothing(_: str) -> None:
    """In place of mmengine's import by path."""


def _by_path(node: Any, path: str) -> Any:
    """The class of a family of registries whose module and name are `path`."""
    while node.parent is not None:
        node = node.parent
    for thing in _things(node):
        if f'{thing.__module__}.{getattr(thing, "__qualname__", "")}' == path:
            return thing
    return None


def _things(node: Any) -> Iterator[Any]:
    yield from node.module_dict.values()
    for child in node.children.values():
        yield from _things(child)


def _import_known(name: str) -> ModuleType:
    """Modules of packages that are in use already; another is as if it were not installed."""
    package = name.partition('.')[0]
    if package not in sys.modules and package not in _OPENMMLAB:
        raise ImportError(f'{package!r} has not been imported')
    return importlib.import_module(name)


def names_instead_of_programs() -> None:
    """Two classes of mmcv and mmdet give a string of the config to `eval`."""
    nms = importlib.import_module('mmcv.ops.nms')
    kinds = ('nms', 'soft_nms', 'nms_match', 'nms_rotated', 'nms_quadri')
    _look_up(nms, 'NMS', {kind: getattr(nms, kind) for kind in kinds if hasattr(nms, kind)})
    motion = importlib.import_module(
        'mmdet.models.task_modules.tracking.camera_motion_compensation'
    )
    modes = ('TRANSLATION', 'EUCLIDEAN', 'AFFINE', 'HOMOGRAPHY')
    known = {f'cv2.MOTION_{mode}': getattr(motion.cv2, f'MOTION_{mode}') for mode in modes}
    _look_up(motion, 'warp mode', known)


def _look_up(module: ModuleType, what: str, known: Mapping[str, Any]) -> None:
    """Make `eval(text)` in a module a look-up in a table."""

    def look_up(text: str) -> Any:
        if text not in known:
            raise ConfigError(
                f'there is no {what} {text!r}.{did_you_mean(text, known)} Known: {", ".join(known)}'
            )
        return known[text]

    lookup: Callable[[str], Any] = look_up
    module.eval = lookup  # type: ignore[attr-defined]
