from __future__ import annotations

import os
import warnings
from types import ModuleType

import pytest
from mmengine.fileio.handlers import file_handlers
from mmengine.registry import Registry
from mmengine.runner import checkpoint

from mmholdout import compat


def test_applying_twice_changes_nothing():
    def patched():
        return checkpoint.torch, checkpoint.load_url, Registry.get, dict(file_handlers)

    before = patched()
    compat.apply()
    compat.apply_to_models()
    assert patched() == before


class TestPackages:
    def test_installed_or_not(self):
        from mmengine.utils import is_installed

        assert is_installed('mmdet')
        assert is_installed('mmcv-lite')
        assert is_installed('json')
        assert not is_installed('no-such-package')

    def test_paths(self):
        import mmdet
        from mmengine.utils import get_installed_path

        assert get_installed_path('mmdet') == os.path.dirname(mmdet.__file__)  # noqa: PTH120
        assert get_installed_path('mmcv-lite').endswith('mmcv')
        with pytest.raises(Exception, match='no-such-package'):
            get_installed_path('no-such-package')

    def test_a_config_of_another_package(self):
        from mmengine.config import Config

        cfg = Config._get_cfg_path('mmdet::ssd/ssd300_coco.py', 'x.py')
        assert os.path.isfile(cfg[0])  # noqa: PTH113

    def test_nothing_is_changed_where_pkg_resources_is(self, monkeypatch):
        import mmengine.utils

        marker = object()
        monkeypatch.setattr(mmengine.utils, 'is_installed', marker)
        monkeypatch.setattr(compat, 'find_spec', lambda name: object())
        compat.find_packages_without_pkg_resources()
        assert mmengine.utils.is_installed is marker


class TestSSD:
    def test_the_head_of_mmdet_has_what_predicting_reads(self, monkeypatch):
        from mmdet.models.dense_heads import SSDHead

        assert SSDHead.loss_cls is None
        monkeypatch.delattr(SSDHead, 'loss_cls')
        compat.let_ssd_predict()
        assert SSDHead.loss_cls is None

    def test_a_mended_one_is_left_alone(self, monkeypatch):
        from mmdet.models.dense_heads import SSDHead

        mended = ModuleType('a loss')
        monkeypatch.setattr(SSDHead, 'loss_cls', mended)
        compat.let_ssd_predict()
        assert SSDHead.loss_cls is mended


def test_chatter_is_hidden_and_other_warnings_are_not():
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter('always')
        compat.be_quiet()
        warnings.warn('torch.meshgrid: in an upcoming release, it will', stacklevel=1)
        message = '`torch.cuda.amp.autocast(args...)` is deprecated. Please use `torch.amp'
        warnings.warn(message, FutureWarning, stacklevel=1)
        warnings.warn('your learning rate is odd', stacklevel=1)
    assert [str(warning.message) for warning in shown] == ['your learning rate is odd']
