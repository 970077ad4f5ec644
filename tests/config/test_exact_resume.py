import pytest

from mmholdout.config.exact_resume import REPLACED, exact_resume_notices
from mmholdout.config.translate import translate

STOCK = """
_base_ = './base.py'
train_dataloader = dict(dataset=dict(pipeline=[
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='mmdet.CachedMosaic', img_scale=(64, 64)),
    dict(type='PackDetInputs'),
]))
"""


@pytest.fixture
def words(child):
    return lambda text='': translate(child(text).cfg)


def test_mmdets_caches_are_refused_by_name_and_place(problems_of):
    (problem,) = problems_of(STOCK)
    assert 'train_dataloader.dataset.pipeline.2.type' in problem or 'pipeline[2]' in problem
    assert "Write 'CachedMosaic'" in problem and 'exact_resume = False' in problem


def test_those_of_this_project_are_not(problems_of):
    assert problems_of(STOCK.replace('mmdet.', '')) == []
    assert problems_of(STOCK.replace('mmdet.', 'mmholdout.')) == []


def test_if_allowed_they_are_said_aloud(problems_of, child):
    text = STOCK + '\nexact_resume = False\n'
    assert problems_of(text) == []
    (notice,) = exact_resume_notices(child(text).cfg)
    assert "mmdet's CachedMosaic mixes in images" in notice and 'exact_resume = False' in notice
    assert exact_resume_notices(child(STOCK).cfg) == []


def test_in_a_pipeline_that_a_hook_switches_to_and_as_a_class(problems_of, child):
    from mmdet.datasets.transforms import CachedMixUp

    cfg = dict(child().cfg)
    cfg['custom_hooks'] = [
        dict(type='PipelineSwitchHook', switch_pipeline=[dict(type=CachedMixUp)]),
        dict(type='PipelineSwitchHook', switch_pipeline=[dict(type='mmdet.CachedMixUp')]),
    ]
    assert len(exact_resume_notices({**cfg, 'exact_resume': False})) == 2


@pytest.mark.parametrize('value', ["'yes'", '1', 'None'])
def test_the_value_must_be_true_or_false(problems_of, value):
    (problem,) = problems_of(f"_base_ = './base.py'\nexact_resume = {value}\n")
    assert 'exact_resume' in problem and 'must be True or False' in problem


@pytest.mark.parametrize(('text', 'exact'), [('', True), ('exact_resume = False', False)])
def test_the_hook_is_told(words, text, exact):
    given = words(f"_base_ = './base.py'\n{text}\n")
    assert given['default_hooks']['exact'] == {'type': 'ExactResumeHook', 'exact': exact}
    assert 'exact_resume' not in given


def test_what_is_replaced_exists_under_its_name():
    import mmholdout.datasets  # noqa: F401  (registers)
    from mmholdout.registry import TRANSFORMS

    for name in REPLACED:
        assert TRANSFORMS.get(name).__module__.startswith('mmholdout.')
