from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet import dataset_types
from mmholdout.config.from_mmdet.dataset_types import own_type


@pytest.mark.parametrize(
    ('kind', 'own'),
    [
        ('VOCDataset', 'VOCDataset'),
        ('mmdet.VOCDataset', 'VOCDataset'),
        ('XMLDataset', 'VOCDataset'),
        ('mmholdout.VOCDataset', 'mmholdout.VOCDataset'),
        ('LVISV1Dataset', 'LVISV1Dataset'),
        ('Mine', 'Mine'),
        (None, None),
    ],
)
def test_types(kind, own):
    assert own_type(kind) == own


@pytest.mark.parametrize(('there', 'own'), [(True, 'COCODataset'), (False, 'CocoDataset')])
def test_coco_is_read_here_where_there_is_a_reader(monkeypatch, there, own):
    registered = {('DATASETS', 'COCODataset'): None} if there else {}
    monkeypatch.setattr(dataset_types, 'registered_in', lambda package: registered)
    assert own_type('mmdet.CocoDataset') == own
