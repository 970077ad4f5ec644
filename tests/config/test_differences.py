import copy

import pytest

from mmholdout.config.differences import differences

WORDS = {
    'optim_wrapper': {'type': 'OptimWrapper', 'optimizer': {'type': 'SGD', 'lr': 0.01}},
    'train_cfg': {'type': 'TrainLoop', 'max_epochs': 8, 'interval': 1},
    'train_dataloader': {
        'batch_size': 8,
        'num_workers': 0,
        'dataset': {
            'data_root': '/old',
            'pipeline': [{'type': 'Load'}, {'type': 'Resize', 'scale': (64, 64)}, {'type': 'Pack'}],
        },
    },
    'val_dataloader': {'batch_size': 8, 'dataset': {'data_root': '/old'}},
    'default_hooks': {
        'console': {'interval': 50},
        'rate': {'schedule': {'type': 'cosine', 'warmup': {'iters': 60}}},
        'best': {'monitor': 'mAP'},
    },
    'custom_hooks': [{'type': 'Plateau', 'patience': 3}, {'type': 'EarlyStop', 'patience': 10}],
    'work_dir': 'a',
    'ratios': [[2], [2, 3]],
}


def changed(**values):
    """The words with values at dotted paths (written with `__`); None removes."""
    words = copy.deepcopy(WORDS)
    for path, value in values.items():
        *above, last = path.split('__')
        place = words
        for key in above:
            place = place[int(key) if key.isdigit() else key]
        if value is None:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value
    return words


@pytest.mark.parametrize(
    ('values', 'lines'),
    [
        ({}, []),
        (
            {'optim_wrapper__optimizer__lr': 0.02},
            ['optim_wrapper.optimizer.lr: 0.01 -> 0.02'],
        ),
        ({'train_cfg__max_epochs': 9}, ['train_cfg.max_epochs: 8 -> 9']),
        ({'train_cfg__interval': 2}, ['evaluation.interval: 1 -> 2']),
        (
            {'default_hooks__rate__schedule__warmup__iters': 90},
            ['schedule.warmup.iters: 60 -> 90'],
        ),
        ({'default_hooks__best__monitor': 'F1'}, ["evaluation.save_best: 'mAP' -> 'F1'"]),
        ({'default_hooks__ema': {'momentum': 0.1}}, ["ema: not there -> {'momentum': 0.1}"]),
        ({'train_dataloader__batch_size': 4}, ['train_dataloader.batch_size: 8 -> 4']),
        ({'custom_hooks__1__patience': 20}, ['custom_hooks.1.patience: 10 -> 20']),
        (
            {'custom_hooks': [{'type': 'EarlyStop', 'patience': 10}]},
            ['custom_hooks.0: Plateau(patience=3) -> not there'],
        ),
        (
            {'train_dataloader__dataset__pipeline__1': {'type': 'Flip'}},
            [
                'train_dataloader.dataset.pipeline.1: Resize(scale=(64, 64)) -> not there',
                'train_dataloader.dataset.pipeline.1: not there -> Flip()',
            ],
        ),
        ({'ratios': [[2], [2, 4]]}, ['ratios: [[2], [2, 3]] -> [[2], [2, 4]]']),
        ({'ratios': []}, ['ratios: [[2], [2, 3]] -> []']),
        (
            {
                'train_dataloader__dataset__data_root': '/new',
                'val_dataloader__dataset__data_root': '/new',
            },
            ["train_dataloader.dataset.data_root and 1 more: '/old' -> '/new'"],
        ),
        ({'train_cfg__max_epochs': None}, ['train_cfg.max_epochs: 8 -> not there']),
    ],
)
def test_in_the_users_words(values, lines):
    assert differences(WORDS, changed(**values)) == lines


@pytest.mark.parametrize(
    'values',
    [
        {'work_dir': 'b'},
        {'default_hooks__console__interval': 1},
        {'train_dataloader__num_workers': 4},
        {'load_from': 'x.pth'},
    ],
)
def test_what_does_not_matter_is_not_said(values):
    assert differences(WORDS, changed(**values)) == []


def test_a_long_value_is_cut():
    (line,) = differences({'a': 'x' * 500}, {'a': 1})
    assert len(line) < 90 and line.endswith('... -> 1')
