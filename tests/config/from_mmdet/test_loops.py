from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.loops import rewrite_loops


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        (
            {'train_cfg': {'type': 'EpochBasedTrainLoop', 'max_epochs': 12, 'val_interval': 2}},
            {'train_cfg': {'type': 'TrainLoop', 'max_epochs': 12}, 'evaluation': {'interval': 2}},
        ),
        (
            {'train_cfg': {'type': 'IterBasedTrainLoop', 'max_iters': 90, 'val_interval': 30}},
            {
                'train_cfg': {'type': 'TrainLoop', 'max_iters': 90},
                'evaluation': {'interval': 30, 'by_epoch': False},
            },
        ),
        (
            {'train_cfg': {'max_epochs': 3, 'val_begin': 0, 'dynamic_intervals': [(2, 1)]}},
            {'train_cfg': {'max_epochs': 3}, 'evaluation': {'begin': 1}},
        ),
        ({'val_cfg': {'type': 'ValLoop', 'fp16': True}}, {'val_cfg': {'type': 'ValLoop'}}),
        ({'train_cfg': {'type': 'TrainLoop'}}, {'train_cfg': {'type': 'TrainLoop'}}),
    ],
)
def test_words(rewrite, given, ours):
    r = rewrite(rewrite_loops, **given)
    assert r.cfg == ours and not r.refused


def test_a_begin_in_iterations_is_refused(rewrite):
    loop = {'type': 'IterBasedTrainLoop', 'max_iters': 90, 'val_begin': 30}
    ((path, text),) = rewrite(rewrite_loops, train_cfg=loop).refused
    assert path == ('train_cfg', 'val_begin') and 'counts epochs' in text
