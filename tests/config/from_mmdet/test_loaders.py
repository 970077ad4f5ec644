from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.loaders import rewrite_loaders


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        ({'batch_sampler': {'type': 'AspectRatioBatchSampler'}}, {}),
        ({'batch_sampler': None}, {}),
        ({'collate_fn': {'type': 'pseudo_collate'}}, {}),
        (
            {'sampler': {'type': 'InfiniteSampler', 'shuffle': True}},
            {'sampler': {'type': 'DefaultSampler', 'shuffle': True}},
        ),
        # what would change the batches stays, for the check to refuse
        ({'batch_sampler': {'type': 'Mine'}}, {'batch_sampler': {'type': 'Mine'}}),
        ({'collate_fn': {'type': 'mine'}}, {'collate_fn': {'type': 'mine'}}),
    ],
)
def test_words(rewrite, given, ours):
    r = rewrite(rewrite_loaders, train_dataloader=given)
    assert r.cfg == {'train_dataloader': ours} and not r.refused


def test_a_held_out_split_has_no_endless_order(rewrite):
    given = {'sampler': {'type': 'InfiniteSampler'}}
    assert rewrite(rewrite_loaders, val_dataloader=given).cfg == {'val_dataloader': given}
