from __future__ import annotations

from mmholdout.config.from_mmdet.repeats import fold_repeats

INNER = {'type': 'VOCDataset', 'ann_file': 'train.txt'}


def repeated(times, dataset=INNER):
    return {'dataset': {'type': 'RepeatDataset', 'times': times, 'dataset': dataset}}


def test_everything_in_epochs_is_multiplied(rewrite):
    r = rewrite(
        fold_repeats,
        train_dataloader=repeated(2, repeated(3)['dataset']),
        train_cfg={'max_epochs': 4},
        evaluation={'begin': 2, 'interval': 2},
        ema={'begin': 3},
        schedule={
            'type': 'product',
            'factors': [
                {'type': 'linear', 'end': 500, 'by_epoch': False, 'start_factor': 0.1},
                {'type': 'cosine', 'begin': 1, 'end': 4, 'length': 3},
                {'type': 'step', 'end': 4, 'milestones': [3]},
                {'type': 'decay', 'gamma': 0.5**6},
            ],
        },
        default_hooks={'checkpoint': {'save_every': 1}},
        custom_hooks=[
            {'type': 'YOLOXModeSwitchHook', 'num_last_epochs': 1},
            {'type': 'PipelineSwitchHook', 'switch_epoch': 3},
            {'type': 'EarlyStoppingHook', 'begin': 2},
        ],
    )
    assert r.cfg['train_dataloader'] == {'dataset': INNER}
    assert r.cfg['train_cfg'] == {'max_epochs': 24}
    assert r.cfg['evaluation'] == {'begin': 7, 'interval': 12}
    assert r.cfg['ema'] == {'begin': 13}
    warm, cosine, step, decay = r.cfg['schedule']['factors']
    assert warm['end'] == 500
    assert (cosine['begin'], cosine['end'], cosine['length']) == (6, 24, 18)
    assert step == {'type': 'step', 'end': 24, 'milestones': [18]}
    assert abs(decay['gamma'] - 0.5) < 1e-12
    assert r.cfg['default_hooks']['checkpoint'] == {'save_every': 6}
    assert [list(hook.values())[1] for hook in r.cfg['custom_hooks']] == [6, 18, 7]
    assert 'RepeatDataset(times=6)' in r.said[0] and 'train_cfg.max_epochs x 6' in r.said[0]


def test_validation_stays_as_rare_as_it_was_by_default(rewrite):
    r = rewrite(fold_repeats, train_dataloader=repeated(3), train_cfg={'max_epochs': 2})
    assert r.cfg['evaluation'] == {'interval': 3}


def test_iterations_stay(rewrite):
    r = rewrite(
        fold_repeats,
        train_dataloader=repeated(3),
        train_cfg={'max_iters': 90},
        evaluation={'interval': 30, 'by_epoch': False},
        schedule={'type': 'step', 'milestones': [60], 'by_epoch': False},
    )
    assert r.cfg['evaluation'] == {'interval': 30, 'by_epoch': False}
    assert r.cfg['schedule']['milestones'] == [60] and r.cfg['train_cfg'] == {'max_iters': 90}


def test_nonsense_is_left_to_the_data_set(rewrite):
    words = repeated('many')
    assert rewrite(fold_repeats, train_dataloader=words).cfg == {'train_dataloader': words}
