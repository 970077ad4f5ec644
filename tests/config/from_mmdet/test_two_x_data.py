from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.from_mmdet.two_x_data import rewrite_data
from mmholdout.config.origin import Origin, Origins

LEAF = {'type': 'VOCDataset', 'ann_file': 'a.txt', 'img_prefix': ''}


def test_loaders(rewrite):
    r = rewrite(
        rewrite_data,
        data={
            'samples_per_gpu': 8,
            'workers_per_gpu': 2,
            'persistent_workers': True,
            'train': LEAF,
            'val': {**LEAF, 'samples_per_gpu': 3},
            'test': LEAF,
            'test_dataloader': {'samples_per_gpu': 4, 'workers_per_gpu': 0},
        },
    )
    assert not r.refused and 'data' not in r.cfg
    train, val, test = (r.cfg[f'{split}_dataloader'] for split in ('train', 'val', 'test'))
    assert (train['batch_size'], val['batch_size'], test['batch_size']) == (8, 3, 4)
    assert (train['num_workers'], val['num_workers'], test['num_workers']) == (2, 2, 0)
    assert train['persistent_workers'] and 'persistent_workers' not in test
    assert train['sampler'] == {'type': 'DefaultSampler', 'shuffle': True}
    assert val['sampler']['shuffle'] is False and val['dataset']['test_mode'] is True
    assert 'data.samples_per_gpu = 8 -> train_dataloader.batch_size = 8' in r.said


def test_lines_of_the_file_stay_with_the_words():
    table = {
        ('data', 'samples_per_gpu'): Origin(None, 5),
        ('data', 'val', 'ann_file'): Origin(None, 9),
    }
    r = Rewriting({'data': {'samples_per_gpu': 8, 'train': LEAF, 'val': LEAF}}, Origins(table))
    rewrite_data(r)
    assert r.origins.of(('train_dataloader', 'batch_size')).line == 5
    assert r.origins.of(('val_dataloader', 'dataset', 'ann_file')).line == 9


@pytest.mark.parametrize(
    ('given', 'path'),
    [
        ({'data': 3}, ('data',)),
        ({'data': {'a': 1}}, ('data',)),
        ({'data': {'train': LEAF, 'sampels_per_gpu': 3}}, ('data', 'sampels_per_gpu')),
        ({'data': {'val': LEAF}, 'val_dataloader': {}}, ('data', 'val')),
        (
            {'data': {'val': LEAF, 'val_dataloader': {'shuffle': True}}},
            ('data', 'val_dataloader', 'shuffle'),
        ),
    ],
)
def test_refused(rewrite, given, path):
    ((where, _),) = rewrite(rewrite_data, **given).refused
    assert where == path
