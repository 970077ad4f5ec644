from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.datasets import rewrite_datasets
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.origin import Origin, Origins


def leaf(rewrite, **words):
    r = rewrite(rewrite_datasets, train_dataloader={'dataset': words})
    return r.cfg['train_dataloader']['dataset'], r


def test_classes_are_written_out(rewrite):
    found, r = leaf(rewrite, type='VOCDataset', backend_args=None)
    assert found['metainfo']['classes'][0] == 'aeroplane' and 'backend_args' not in found
    assert '20 of its name' in r.said[-1]


def test_ones_own_classes_stay(rewrite):
    found, r = leaf(rewrite, type='VOCDataset', metainfo={'classes': ('cat',)})
    assert found['metainfo'] == {'classes': ('cat',)} and not r.said


def test_old_spelling_of_the_classes(rewrite):
    found, _ = leaf(rewrite, type='VOCDataset', metainfo={'CLASSES': ['cat'], 'palette': [1]})
    assert found['metainfo'] == {'classes': ('cat',), 'palette': [1]}


@pytest.mark.parametrize('kind', ['XMLDataset', 'mmdet.VOCDataset'])
def test_other_names_of_the_same(rewrite, kind):
    found, r = leaf(rewrite, type=kind, metainfo={'classes': ('cat',)})
    assert found['type'] == 'VOCDataset' and kind in r.said[0]


@pytest.mark.parametrize('kind', ['LVISV1Dataset', 'mmdet.Objects365V1Dataset', 'ODVGDataset'])
def test_what_only_mmdet_reads_is_refused_by_name(rewrite, kind):
    _, r = leaf(rewrite, type=kind)
    ((path, text),) = r.refused
    assert path == ('train_dataloader', 'dataset', 'type')
    assert kind.rpartition('.')[2] in text and "'COCODataset' or 'YOLODataset'" in text


def test_types_of_the_user_stay(rewrite):
    found, r = leaf(rewrite, type='MyDataset')
    assert found == {'type': 'MyDataset'} and not r.refused


def test_without_a_test_split_nothing_measures_it(rewrite):
    r = rewrite(rewrite_datasets, test_dataloader=None, test_evaluator={}, test_cfg={})
    assert r.cfg == {'test_dataloader': None}


@pytest.mark.parametrize(
    ('rank', 'said', 'kept'),
    [
        (2, ['mmdet'], False),  # written in the file of data_root or in a later one
        (1, ['mmdet'], False),
        (0, ['mmdet'], True),  # a later file sets the root of all
        (2, [], True),  # words of this package: the top level counts
    ],
)
def test_roots_of_the_data_sets(rank, said, kept):
    leaf = {'type': 'Mine', 'data_root': 'own'}
    path = ('train_dataloader', 'dataset', 'data_root')
    origins = {('data_root',): Origin(None, 1, 1), path: Origin(None, 2, rank)}
    r = Rewriting({'data_root': 'all', 'train_dataloader': {'dataset': leaf}}, Origins(origins))
    r.said += said
    rewrite_datasets(r)
    assert ('data_root' in r.cfg) == kept
