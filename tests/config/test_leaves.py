from __future__ import annotations

from mmholdout.config.leaves import leaves
from mmholdout.config.origin import dotted


def test_wrappers_are_looked_through():
    files = [{'type': 'VOCDataset', 'ann_file': str(i)} for i in range(3)]
    dataset = {
        'type': 'RepeatDataset',
        'dataset': {'type': 'ConcatDataset', 'datasets': [files[0], {'dataset': files[1]}]},
    }
    found = dict(leaves({'train_dataloader': {'dataset': dataset}}, 'train'))
    assert {dotted(path): leaf['ann_file'] for path, leaf in found.items()} == {
        'train_dataloader.dataset.dataset.datasets.0': '0',
        'train_dataloader.dataset.dataset.datasets.1.dataset': '1',
    }


def test_what_is_no_dataset_has_no_leaves():
    for cfg in ({}, {'val_dataloader': None}, {'val_dataloader': {'dataset': 3}}):
        assert list(leaves(cfg, 'val')) == []
