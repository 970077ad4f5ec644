from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.model import rewrite_model


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        (
            {'model': {'pretrained': 'a.pth', 'backbone': {}}},
            {'model': {'backbone': {'init_cfg': {'type': 'Pretrained', 'checkpoint': 'a.pth'}}}},
        ),
        ({'model': {'backbone': {'pretrained': None}}}, {'model': {'backbone': {}}}),
        (
            {'model': {}, 'train_cfg': {'assigner': 1}, 'test_cfg': {'score_thr': 0.1}},
            {'model': {'train_cfg': {'assigner': 1}, 'test_cfg': {'score_thr': 0.1}}},
        ),
        ({'train_cfg': {'max_epochs': 3}}, {'train_cfg': {'max_epochs': 3}}),
        (
            {'model': {'test_cfg': {'nms': {'type': 'nms', 'iou_thr': 0.5}}}},
            {'model': {'test_cfg': {'nms': {'type': 'nms', 'iou_threshold': 0.5}}}},
        ),
    ],
)
def test_words(rewrite, given, ours):
    r = rewrite(rewrite_model, **given)
    assert r.cfg == ours and not r.refused


def test_sizes_of_yolox(rewrite):
    model = {'type': 'YOLOX', 'input_size': (640, 640), 'random_size_range': (15, 25)}
    r = rewrite(rewrite_model, model=model)
    assert r.cfg['model'] == {
        'type': 'YOLOX',
        'data_preprocessor': {
            'type': 'DetDataPreprocessor',
            'batch_augments': [
                {
                    'type': 'BatchSyncRandomResize',
                    'random_size_range': (480, 800),
                    'size_divisor': 32,
                    'interval': 10,
                }
            ],
        },
    }


def test_a_backbone_that_says_both_is_refused(rewrite):
    model = {'pretrained': 'a.pth', 'backbone': {'init_cfg': {'type': 'Normal'}}}
    ((path, _),) = rewrite(rewrite_model, model=model).refused
    assert path == ('model', 'pretrained')
