"""Data set types of mmdet and their readers here."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.rewriting import bare
from mmholdout.config.source_index import registered_in

#: mmdet's name -> this package's; mmdet's own class reads where there is none.
OWN = {'VOCDataset': 'VOCDataset', 'XMLDataset': 'VOCDataset', 'CocoDataset': 'COCODataset'}


def own_type(kind: Any) -> Any:
    """The type that reads such data here; one that mmdet does not have stays."""
    if not isinstance(kind, str) or kind.startswith('mmholdout.'):
        return kind
    own = OWN.get(bare(kind))
    if own is None:
        return kind
    return own if ('DATASETS', own) in registered_in('mmholdout.datasets') else bare(kind)
