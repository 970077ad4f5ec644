from __future__ import annotations

import sys

import pytest
import torch
from mmengine.registry import DefaultScope

from mmholdout import models  # noqa: F401 - puts the guards in place
from mmholdout.errors import ConfigError
from mmholdout.registry import MODELS, TASK_UTILS


@pytest.mark.guarantee
@pytest.mark.parametrize('scope', ['', 'mmholdout.', 'mmdet.', 'mmengine.'])
def test_a_type_is_not_imported(marker, scope):
    with pytest.raises((KeyError, RuntimeError)):
        MODELS.build({'type': f'{scope}os.mkdir', 'path': str(marker)})


def test_a_registered_class_is_found_by_name_and_by_path():
    from mmdet.models.dense_heads.ssd_head import SSDHead

    for name in ('mmdet.SSDHead', 'mmdet.models.dense_heads.ssd_head.SSDHead'):
        assert MODELS.get(name) is SSDHead
    assert MODELS.get('torch.nn.modules.linear.NoSuch') is None
    assert MODELS.get('pathlib.Path') is None
    assert MODELS.get('NoSuchModel') is None


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'words', [{'type': 'dropped.Net'}, {'type': 'NoSuch', '_scope_': 'dropped'}]
)
def test_a_scope_imports_no_file_that_lies_about(tmp_path, marker, monkeypatch, words):
    package = tmp_path / 'dropped'
    package.mkdir()
    (package / 'registry.py').write_text(f'import os\nos.mkdir({str(marker)!r})\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises((KeyError, RuntimeError)):
        MODELS.build(dict(words))
    assert 'dropped' not in sys.modules


def test_the_scopes_in_use_go_on_working():
    for scope in ('mmholdout', 'mmdet'):
        with DefaultScope.overwrite_default_scope(scope):
            assert isinstance(MODELS.build({'type': 'ReLU'}), torch.nn.ReLU)
    coder = TASK_UTILS.build({'type': 'DeltaXYWHBBoxCoder', '_scope_': 'mmdet'})
    assert type(coder).__name__ == 'DeltaXYWHBBoxCoder'


def suppress(kind):
    from mmcv.ops import batched_nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30]])
    settings = {'type': kind, 'iou_threshold': 0.5}
    return batched_nms(boxes, torch.tensor([0.9, 0.8, 0.7]), torch.zeros(3).long(), settings)


@pytest.mark.guarantee
def test_the_type_of_nms_is_no_program(marker):
    assert suppress('nms')[1].tolist() == [0, 2]
    assert len(suppress('soft_nms')[1]) == 3
    with pytest.raises(ConfigError, match=r'there is no NMS .*Known: nms, soft_nms'):
        suppress(f'__import__("os").mkdir({str(marker)!r})')
    with pytest.raises(ConfigError, match="Did you mean 'soft_nms'"):
        suppress('softnms')


@pytest.mark.guarantee
def test_the_warp_mode_of_tracking_is_no_program(marker):
    import cv2

    kind = 'CameraMotionCompensation'
    assert TASK_UTILS.build({'type': kind}).warp_mode == cv2.MOTION_EUCLIDEAN
    words = {'type': kind, 'warp_mode': f'__import__("os").mkdir({str(marker)!r})'}
    with pytest.raises(ConfigError, match='there is no warp mode'):
        TASK_UTILS.build(words)
