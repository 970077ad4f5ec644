"""Data set types of mmdet: which are read here, and the classes that they bring."""

from __future__ import annotations

from typing import Any

from mmholdout.config.from_mmdet.class_lists import CLASSES
from mmholdout.config.from_mmdet.dataset_types import OWN, own_type
from mmholdout.config.from_mmdet.rewriting import Rewriting, bare
from mmholdout.config.from_mmdet.three_lines import three_lines
from mmholdout.config.leaves import leaves
from mmholdout.config.origin import KeyPath
from mmholdout.config.registries import find_imported
from mmholdout.config.source_index import registered_in
from mmholdout.config.words import SPLITS, section

_WORDS_OF_MMDET = ('backend_args', 'file_client_args', 'return_classes', 'caption_prompt')


def rewrite_datasets(r: Rewriting) -> None:
    """Classes written out; types that only mmdet has refused by name."""
    for split in SPLITS:
        for path, leaf in leaves(r.cfg, split):
            _leaf(r, path, leaf)
    _own_roots(r)
    if not r.at('test_dataloader'):  # None, or absent
        for name in ('test_evaluator', 'test_cfg'):
            r.take(name)
    else:
        three_lines(r)


def _own_roots(r: Rewriting) -> None:
    """In mmdet's words the top-level `data_root` is a variable: what a data set says counts."""
    root, place = r.at('data_root'), r.origins.of(('data_root',))
    if root is None or place is None or not r.said:
        return
    for split in SPLITS:
        for path, leaf in leaves(r.cfg, split):
            own = r.origins.of((*path, 'data_root'))
            differs = leaf.get('data_root') not in (None, root)
            if differs and own is not None and own.rank >= place.rank:
                r.take('data_root')
                r.say(
                    f'data_root = {root!r} ({place}) -> nothing: a variable in mmdet, and data '
                    f'sets have roots of their own, such as {leaf["data_root"]!r}'
                )
                return


def _leaf(r: Rewriting, path: KeyPath, leaf: dict[str, Any]) -> None:
    kind = leaf.get('type')
    if not isinstance(kind, str):
        return
    name, own = bare(kind), own_type(kind)
    if own != kind:
        leaf['type'] = own
        r.say(f'{kind} -> {own} of this package')
    elif name not in OWN and _only_in_mmdet(kind):
        r.refuse(
            (*path, 'type'),
            f'{name} of mmdet is not read here; convert the data (tools/prepare_data.py) and '
            "write 'VOCDataset', 'COCODataset' or 'YOLODataset'",
        )
        return
    if name in OWN:
        for key in _WORDS_OF_MMDET:
            if key in leaf and not leaf[key]:
                del leaf[key]
    if name in CLASSES and 'classes' not in section(leaf, 'metainfo'):
        metainfo = leaf.get('metainfo')
        given = {k.lower(): v for k, v in metainfo.items()} if isinstance(metainfo, dict) else {}
        classes = given.get('classes') or CLASSES[name]
        leaf['metainfo'] = {**given, 'classes': tuple(classes)}
        if not given.get('classes'):
            r.say(f'{name} without metainfo -> metainfo.classes = the {len(classes)} of its name')


def _only_in_mmdet(kind: str) -> bool:
    if find_imported(('DATASETS',), kind) is not None:
        return False
    return ('DATASETS', bare(kind)) in registered_in('mmdet.datasets')
