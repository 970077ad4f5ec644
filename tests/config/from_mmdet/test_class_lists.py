from __future__ import annotations

from mmholdout.config.from_mmdet.class_lists import CLASSES
from mmholdout.config.registries import find


def test_they_are_those_of_mmdet():
    for name, classes in CLASSES.items():
        assert classes == find(('DATASETS',), f'mmdet.{name}').METAINFO['classes']
