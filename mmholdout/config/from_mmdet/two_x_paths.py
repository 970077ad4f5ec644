"""2.x: paths with the data root written into each, to paths below one `data_root`."""

from __future__ import annotations

import posixpath
from typing import Any

from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.leaves import leaves
from mmholdout.config.words import SPLITS


def below_data_root(r: Rewriting) -> None:
    """Take the top-level `data_root` out of the paths, or drop it where it is in none.

    In 2.x it is a variable; here it is where every data set is read.
    """
    root = r.at('data_root')
    found = [leaf for split in SPLITS for _, leaf in leaves(r.cfg, split)]
    if not isinstance(root, str) or not root:
        return
    within = [leaf for leaf in found if not leaf.get('data_root')]
    if within and all(_below(path, root) for leaf in within for path in _paths(leaf)):
        for leaf in within:
            leaf['ann_file'] = _without(leaf.get('ann_file'), root)
            prefix = leaf.get('data_prefix')
            if isinstance(prefix, dict):
                leaf['data_prefix'] = {k: _without(v, root) for k, v in prefix.items()}
        r.say(f'paths that begin with {root!r} -> relative to data_root')
    elif within:
        r.take('data_root')
        r.say(
            f'data_root = {root!r} -> nothing: a variable in 2.x, and not all paths begin with it'
        )


def _paths(leaf: dict[str, Any]) -> list[str]:
    prefix = leaf.get('data_prefix')
    values = [leaf.get('ann_file'), *(prefix.values() if isinstance(prefix, dict) else ())]
    flat = [one for v in values for one in (v if isinstance(v, list | tuple) else [v])]
    return [one for one in flat if isinstance(one, str) and one]


def _below(path: str, root: str) -> bool:
    folder = root.rstrip('/') + '/'
    return path.startswith(folder) or path.rstrip('/') + '/' == folder


def _without(value: Any, root: str) -> Any:
    if isinstance(value, list | tuple):
        return [_without(one, root) for one in value]
    if not isinstance(value, str) or not value:
        return value
    short = posixpath.relpath(value, root)
    return '' if short == '.' else short
