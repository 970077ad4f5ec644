"""Where val and test are one list: three lines that take val out of the training split."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mmholdout.config.from_mmdet.dataset_types import own_type
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.leaves import leaves
from mmholdout.config.origin import KeyPath
from mmholdout.config.registries import signature
from mmholdout.config.words import section

_TRAIN, _VAL = 'part=dict(stop=0.9)', 'part=dict(start=0.9)'
_OWN, _OWN_VAL = "'your_train_list'", "'your_val_list'"
_WHERE = ('ann_file', 'data_prefix')


def three_lines(r: Rewriting) -> None:
    """Note them in `r.separate`, for the message that refuses the two splits."""
    val, test = (list(leaves(r.cfg, split)) for split in ('val', 'test'))
    if not r.separate and {_list(leaf) for _, leaf in val} & {_list(leaf) for _, leaf in test}:
        train = list(leaves(r.cfg, 'train'))
        r.separate = _stock(train, test[0][1]) if train else ''


def three_lines_two_x(r: Rewriting, data: dict[str, Any]) -> None:
    """The same for a config with `data`, before it is translated."""
    train, val, test = (data.get(split) for split in ('train', 'val', 'test'))
    if not (isinstance(val, dict) and isinstance(test, dict)) or _list(val) != _list(test):
        return
    nest: list[str] = []
    while isinstance(train, dict) and isinstance(train.get('dataset'), dict):
        nest, train = [*nest, 'dataset'], train['dataset']
    if isinstance(train, dict) and 'ann_file' in train and _takes_part(train.get('type')):
        where = _words(train, ('ann_file', 'img_prefix'))
        lines = [f'train={_nested(nest, _TRAIN)}', f'val=dict({where}, {_VAL}))']
    else:
        lines = [f'train=dict(ann_file={_OWN}, ...)', f'val=dict(ann_file={_OWN_VAL}, ...))']
    r.separate = _text(['data = dict(', f'    {lines[0]},', f'    {lines[1]}'])


def _stock(train: list[tuple[KeyPath, dict[str, Any]]], test: dict[str, Any]) -> str:
    path, leaf = train[0]
    lists = [one for _, one in train]
    where = _words(leaf, _WHERE)
    several = len(train) > 1 and leaf.get('type') != 'VOCDataset'  # one file of lists is VOC's
    if several or not all(_takes_part(one.get('type')) for one in lists):
        first = f'train_dataloader = {_nested(path[1:], f"ann_file={_OWN}")}'
        second = f'val_dataloader = dict(dataset=dict(ann_file={_OWN_VAL}))'
    elif len(train) == 1:
        first = f'train_dataloader = {_nested(path[1:], _TRAIN)}'
        second = f'val_dataloader = dict(dataset=dict({where}, {_VAL}))'
    else:
        where = _joined(lists)
        filters = f', filter_cfg={section(leaf, "filter_cfg")!r}' if leaf.get('filter_cfg') else ''
        whole = (
            f'_delete_=True, type={leaf["type"]!r}, data_root={leaf.get("data_root")!r}, {where}, '
            f'{_TRAIN}{filters}, pipeline=_base_.train_pipeline'
        )
        first = f'train_dataloader = {_nested(path[1 : path.index("datasets")], whole)}'
        second = f'val_dataloader = dict(dataset=dict({where}, {_VAL}))'
    third = f'test_dataloader = dict(dataset=dict({_words(test, _WHERE)}))'
    return _text([first, second, third])


def _text(lines: list[str]) -> str:
    return (
        '. Three lines, in a config that has this one as its _base_, take val out of the training '
        'split, and leave test for the end:\n' + '\n'.join(f'    {line}' for line in lines)
    )


def _takes_part(kind: Any) -> bool:
    taken = signature(('DATASETS',), own_type(kind)) if isinstance(kind, str) else None
    return taken is not None and 'part' in taken.keywords


def _list(leaf: dict[str, Any]) -> str:
    root = leaf.get('data_root') or ''
    files = leaf.get('ann_file')
    listed = files if isinstance(files, list | tuple) else [files]
    return '|'.join(os.path.normpath(Path(str(root), str(one))) for one in listed)


def _words(leaf: dict[str, Any], keys: tuple[str, ...]) -> str:
    return ', '.join(f'{key}={_literal(leaf[key])}' for key in keys if key in leaf)


def _joined(lists: list[dict[str, Any]]) -> str:
    files = [leaf.get('ann_file') for leaf in lists]
    prefixes = [section(leaf, 'data_prefix') for leaf in lists]
    inner = ', '.join(f'{key}={[one.get(key) for one in prefixes]!r}' for key in prefixes[0])
    return f'ann_file={files!r}, data_prefix=dict({inner})'


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return f'dict({", ".join(f"{k}={v!r}" for k, v in value.items())})'
    return repr(value)


def _nested(path: Any, inner: str) -> str:
    text = f'dict({inner})'
    for key in reversed(path):
        text = f'dict({key}={text})'
    return text
