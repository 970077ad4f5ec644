from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.normalisation import Normalisation
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.from_mmdet.two_x_dataset import dataset_of
from mmholdout.config.origin import Origins


def run(given, held_out=False):
    r = Rewriting({}, Origins())
    return dataset_of(r, given, ('data', 'train'), held_out, Normalisation()), r.refused


FILTER = {'filter_empty_gt': True, 'min_size': 32}


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        (
            {'type': 'XMLDataset', 'img_prefix': 'a/', 'classes': ['cat'], 'min_size': 4},
            {
                'type': 'XMLDataset',
                'data_prefix': {'sub_data_root': 'a/'},
                'metainfo': {'classes': ('cat',)},
                'filter_cfg': {**FILTER, 'bbox_min_size': 4},
            },
        ),
        (
            {'type': 'CocoDataset', 'img_prefix': 'a/', 'filter_empty_gt': False},
            {
                'type': 'CocoDataset',
                'data_prefix': {'img': 'a/'},
                'filter_cfg': {'filter_empty_gt': False, 'min_size': 32},
            },
        ),
        (
            [{'type': 'A', 'test_mode': False}],
            {'type': 'ConcatDataset', 'datasets': [{'type': 'A', 'filter_cfg': FILTER}]},
        ),
        (
            {'type': 'RepeatDataset', 'times': 3, 'dataset': {'type': 'A'}},
            {'type': 'RepeatDataset', 'times': 3, 'dataset': {'type': 'A', 'filter_cfg': FILTER}},
        ),
        (
            {'type': 'ConcatDataset', 'separate_eval': True, 'datasets': [{'type': 'A'}]},
            {'type': 'ConcatDataset', 'datasets': [{'type': 'A', 'filter_cfg': FILTER}]},
        ),
    ],
)
def test_words(given, ours):
    assert run(given) == (ours, [])


def test_held_out_splits_are_read_whole():
    found, _ = run({'type': 'VOCDataset', 'filter_empty_gt': True}, held_out=True)
    assert found == {'type': 'VOCDataset', 'test_mode': True}


@pytest.mark.parametrize(
    ('given', 'said'),
    [
        (3, 'must be a dict'),
        ({'type': 'A', 'classes': 'names.txt'}, 'a file of names'),
        ({'type': 'A', 'proposal_file': 'p.pkl'}, 'boxes alone'),
    ],
)
def test_refused(given, said):
    _, ((_, text),) = run(given)
    assert said in text
