from __future__ import annotations

import pytest

from mmholdout.config.classes import class_names
from mmholdout.config.translate import translate


def test_names_of_a_split(child):
    assert class_names(translate(child().cfg)) == ('cat', 'dog')
    assert class_names({}) == ()


def test_a_head_must_fit_the_classes(problems_of):
    (problem,) = problems_of('model = dict(bbox_head=dict(num_classes=3))')
    assert problem.startswith('model.bbox_head.num_classes (child.py:2): is 3, but')
    assert '2 classes: cat, dog' in problem


def test_a_head_without_a_number_takes_its_default(problems_of):
    text = """
    model = dict(bbox_head=dict(_delete_=True, type='SSDHead', in_channels=(96, 1280),
        anchor_generator=dict(type='SSDAnchorGenerator', strides=[16, 32], ratios=[[2], [2]],
                              min_sizes=[48, 100], max_sizes=[100, 150])))
    """
    (problem,) = problems_of(text)
    assert 'is 80 by default' in problem


@pytest.mark.parametrize(
    ('classes', 'message'),
    [
        ("('dog', 'cat')", "but train_dataloader.dataset.metainfo.classes is ('cat', 'dog')"),
        ("'cat'", 'must be a tuple of names'),
        ('()', 'must be a tuple of names'),
        ("('cat', 3)", 'must be a tuple of names'),
        ("('cat', 'cat')", 'has a name twice'),
    ],
)
def test_classes_that_cannot_be(problems_of, classes, message):
    text = f'val_dataloader = dict(dataset=dict(metainfo=dict(classes={classes})))'
    assert message in '\n'.join(problems_of(text))
