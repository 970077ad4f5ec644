from __future__ import annotations

import copy

import pytest

from mmholdout.config.translate import translate


@pytest.fixture
def words(child):
    return translate(child().cfg)


def test_the_words_of_the_runner(words):
    assert words['train_cfg'] == {
        'type': 'TrainLoop',
        'max_epochs': 12,
        'interval': 1,
        'by_epoch': True,
        'begin': 1,
    }
    assert words['val_cfg'] == {
        'type': 'ValLoop',
        'loss': True,
        'train_eval': 10,
        'bootstrap': 200,
    }
    assert words['test_cfg'] == {'type': 'TestLoop'}
    assert words['val_evaluator'] == {'type': 'VOCMetric', 'iou_thr': 0.5}
    assert words['test_evaluator'] == {'type': 'VOCMetric', 'iou_thr': 0.5}
    assert words['default_hooks'] == {
        'runtime_info': {'type': 'RuntimeInfoHook'},
        'rate': {
            'type': 'LearningRateHook',
            'schedule': {'type': 'constant', 'warmup': {'iters': 100, 'start_factor': 0.1}},
        },
        'record': {'type': 'RecordHook'},
        'best': {'type': 'BestModelHook', 'monitor': 'mAP'},
        'checkpoint': {'type': 'CheckpointHook', 'save_every': 1},
        'console': {'type': 'ConsoleHook'},
        'curves': {'type': 'CurvesHook'},
        'overfitting': {'type': 'OverfittingHook'},
        'summary': {'type': 'SummaryHook'},
        'exact': {'type': 'ExactResumeHook', 'exact': True},
    }
    assert not {'evaluation', 'schedule', 'data_root'} & set(words)


def test_the_input_stays_as_it_is(child):
    cfg = child().cfg
    before = copy.deepcopy(cfg)
    words = translate(cfg)
    words['model']['type'] = 'changed'
    words['default_hooks']['rate']['schedule']['type'] = 'changed'
    assert cfg == before


def test_evaluation_reaches_loops_evaluators_and_hooks(child):
    words = translate(
        child(
            'evaluation = dict(interval=3, by_epoch=False, begin=2, loss=False, train_eval=0, '
            'bootstrap=0, '
            "iou_thr=0.6, metric='F1', save_best='AP50')\n"
            "val_evaluator = dict(ap_mode='11points')"
        ).cfg
    )
    assert words['train_cfg']['interval'] == 3
    assert words['train_cfg']['by_epoch'] is False
    assert words['train_cfg']['begin'] == 2
    assert words['val_cfg'] == {
        'type': 'ValLoop',
        'loss': False,
        'train_eval': 0,
        'bootstrap': 0,
    }
    expected = {'type': 'VOCMetric', 'ap_mode': '11points', 'iou_thr': 0.6}
    assert words['val_evaluator'] == words['test_evaluator'] == expected
    assert words['default_hooks']['best']['monitor'] == 'AP50'


def test_data_root_reaches_every_dataset_below_wrappers(child):
    text = """
    train_dataloader = dict(dataset=dict(_delete_=True, type='ConcatDataset', datasets=[
        dict(type='VOCDataset', data_root='own', ann_file='a.txt'),
        dict(type='VOCDataset', ann_file='b.txt')]))
    """
    words = translate(child(text, 'data_root=/elsewhere').cfg)
    roots = [d['data_root'] for d in words['train_dataloader']['dataset']['datasets']]
    roots += [words[f'{split}_dataloader']['dataset']['data_root'] for split in ('val', 'test')]
    assert roots == ['/elsewhere'] * 4
    assert 'data_root' not in words['train_dataloader']['dataset']


def test_annotations_are_loaded_first_in_held_out_pipelines_only(child):
    text = """
    late = [dict(type='LoadImageFromFile'), dict(type='Resize', scale=(3, 3)),
            dict(type='LoadAnnotations', with_bbox=True)]
    train_dataloader = dict(dataset=dict(pipeline=late))
    val_dataloader = dict(dataset=dict(pipeline=late))
    test_dataloader = dict(dataset=dict(pipeline=late[:2]))
    """
    words = translate(child(text).cfg)
    order = {
        split: [step['type'] for step in words[f'{split}_dataloader']['dataset']['pipeline']]
        for split in ('train', 'val', 'test')
    }
    assert order == {
        'train': ['LoadImageFromFile', 'Resize', 'LoadAnnotations'],
        'val': ['LoadImageFromFile', 'LoadAnnotations', 'Resize'],
        'test': ['LoadImageFromFile', 'Resize'],
    }


def test_without_a_test_split_there_are_no_test_words(child):
    words = translate(child('test_dataloader = None\ntest_cfg = dict(type="TestLoop")').cfg)
    assert {k for k, v in words.items() if k.startswith('test_') and v} == set()


def test_a_default_hook_can_be_switched_off(child):
    words = translate(child('default_hooks = dict(curves=None)').cfg)
    assert 'curves' not in words['default_hooks']
    assert 'console' in words['default_hooks']


@pytest.mark.parametrize(
    'cfg',
    [
        {},
        {'evaluation': 3},
        {'evaluation': {'metric': 3}},
        {'train_cfg': None, 'val_dataloader': [], 'default_hooks': 7, 'schedule': 'x'},
        {'val_evaluator': 'VOCMetric', 'train_dataloader': {'dataset': {'datasets': 3}}},
    ],
)
def test_what_is_wrong_goes_through(cfg):
    translate(cfg)
