from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ('text', 'start', 'near'),
    [
        ("optim_wrapper = dict(optimizer=dict(type='SDG'))", 'optim_wrapper.optimizer.type', 'SGD'),
        ("model = dict(type='SingleStageDetektor')", 'model.type', 'SingleStageDetector'),
        (
            "model = dict(bbox_head=dict(anchor_generator=dict(type='SSDAnchorGen')))",
            'model.bbox_head.anchor_generator.type',
            'SSDAnchorGenerator',
        ),
        (
            "custom_hooks = [dict(type='EarlyStopHook', monitor='mAP')]",
            'custom_hooks.0.type',
            'Early',
        ),
        ("train_cfg = dict(type='TrainLop')", 'train_cfg.type', 'TrainLoop'),
        ("val_evaluator = dict(type='VOCMetrik')", 'val_evaluator.type', 'VOCMetric'),
        (
            "val_dataloader = dict(dataset=dict(pipeline=[dict(type='LoadAnotations')]))",
            'val_dataloader.dataset.pipeline.0.type',
            'LoadAnnotations',
        ),
        (
            "model = dict(test_cfg=dict(nms=dict(type='nmss')))",
            'model.test_cfg.nms.nmss',
            'nms',
        ),
    ],
)
def test_types_in_no_registry(problems_of, text, start, near):
    (problem,) = problems_of(text)
    assert problem.startswith(f'{start} (child.py:2): there is no ')
    assert f"Did you mean '{near}" in problem


@pytest.mark.parametrize(
    ('text', 'start', 'near'),
    [
        ('model = dict(bbox_head=dict(num_clases=2))', 'model.bbox_head.num_clases', 'num_classes'),
        (
            'model = dict(backbone=dict(frozen_stage=2))',
            'model.backbone.frozen_stage',
            'frozen_stages',
        ),
        (
            'model = dict(backbone=dict(norm_cfg=dict(moment=0.1)))',
            'model.backbone.norm_cfg.moment',
            'momentum',
        ),
        (
            "model = dict(backbone=dict(init_cfg=dict(type='TruncNormal', layr='Conv2d')))",
            'model.backbone.init_cfg.layr',
            'layer',
        ),
        (
            'optim_wrapper = dict(optimizer=dict(momentom=0.9))',
            'optim_wrapper.optimizer.momentom',
            'momentum',
        ),
        ('optim_wrapper = dict(accumulative_count=2)', 'optim_wrapper.accumulative_count', 'accum'),
        (
            "custom_hooks = [dict(type='EarlyStoppingHook', monitor='mAP', patiense=3)]",
            'custom_hooks.0.patiense',
            'patience',
        ),
        (
            'val_dataloader = dict(dataset=dict(test_mod=1))',
            'val_dataloader.dataset.test_mod',
            'test_m',
        ),
        (
            'model = dict(test_cfg=dict(nms=dict(iou_thresh=1)))',
            'model.test_cfg.nms.iou_thresh',
            'iou',
        ),
    ],
)
def test_keywords_that_a_class_does_not_take(problems_of, text, start, near):
    (problem,) = problems_of(text)
    assert problem.startswith(f'{start} (child.py:2): ')
    assert f"Did you mean '{near}" in problem


def test_a_changed_type_that_inherits_foreign_keys_proposes_delete(problems_of):
    (problem,) = problems_of("model = dict(backbone=dict(type='HourglassNet'))\n")
    assert problem.startswith('model.backbone.type (child.py:2): ')
    assert '_delete_=True' in problem
    text = "model = dict(backbone=dict(_delete_=True, type='HourglassNet'))"
    assert problems_of(text) == []


def test_a_changed_type_from_the_command_line_does_too(problems_of):
    (problem,) = problems_of('', 'optim_wrapper.optimizer.type=Adam')
    assert "does not take the inherited 'momentum' (base.py:" in problem


def test_builders_keywords_are_taken(problems_of):
    text = """
    model = dict(backbone=dict(norm_cfg=dict(requires_grad=False)))
    optim_wrapper = dict(paramwise_cfg=dict(bias_lr_mult=2.0), clip_grad=dict(max_norm=10))
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='mAP', priority='LOW')]
    """
    assert problems_of(text) == []


def test_types_of_another_library_are_left_to_it(problems_of):
    steps = "dict(type='Albu', transforms=[dict(type='OneOf', transforms=[dict(type='Blur')])])"
    text = f'train_dataloader = dict(dataset=dict(pipeline=[*_base_.pipeline, {steps}]))'
    assert problems_of(text) == []


def test_mmdets_transform_wins_over_mmcvs_of_the_same_name(problems_of):
    steps = "[dict(type='LoadAnnotations', with_bbox=True, with_mask=True)]"
    assert problems_of(f'train_dataloader = dict(dataset=dict(pipeline={steps}))') == []


@pytest.mark.parametrize(
    ('text', 'start'),
    [
        ("custom_hooks = [dict(monitor='mAP')]", 'custom_hooks.0 '),
        (
            'val_dataloader = dict(dataset=dict(pipeline=[dict(a=1)]))',
            'val_dataloader.dataset.pipeline.0',
        ),
        ('optim_wrapper = dict(optimizer=dict(_delete_=True, lr=1))', 'optim_wrapper.optimizer '),
    ],
)
def test_a_type_is_missing(problems_of, text, start):
    (problem,) = problems_of(text)
    assert problem.startswith(start)
    assert 'has no type' in problem
