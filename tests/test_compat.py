from __future__ import annotations

import io
import os
import warnings
from types import ModuleType

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import checkpoint

from mmholdout import compat
from mmholdout.errors import CheckpointError


@pytest.fixture
def save(tmp_path):
    def to_file(content):
        path = tmp_path / 'a.pth'
        torch.save(content, path)
        return str(path)

    return to_file


def test_applying_twice_changes_nothing():
    before = checkpoint.torch, checkpoint.load_url
    compat.apply()
    compat.apply_to_models()
    assert (checkpoint.torch, checkpoint.load_url) == before


class TestLoadTensorsOnly:
    def test_what_mmengine_saves_is_read(self, save):
        buffer = HistoryBuffer([1.0, 2.0], [1, 1])
        content = {
            'state_dict': {'w': torch.ones(2)},
            'message_hub': {'log_scalars': {'loss': buffer}},
            'numbers': [np.float64(0.5), np.int64(3), np.bool_(True)],
            'array': np.arange(3, dtype=np.int32),
        }
        loaded = checkpoint._load_checkpoint(save(content))
        assert torch.equal(loaded['state_dict']['w'], torch.ones(2))
        assert loaded['message_hub']['log_scalars']['loss'].mean() == 1.5
        assert loaded['numbers'] == [0.5, 3, True]
        assert loaded['array'].tolist() == [0, 1, 2]

    def test_nothing_else_is(self, save, tmp_path):
        class Evil:
            def __reduce__(self):
                return os.mkdir, (str(tmp_path / 'ran'),)

        with pytest.raises(CheckpointError, match=r'a\.pth .*holds posix\.mkdir'):
            checkpoint._load_checkpoint(save({'state_dict': {}, 'x': Evil()}))
        assert not (tmp_path / 'ran').exists()

    def test_getattr_reaches_only_methods_of_the_log_buffer(self, save):
        class Through:
            def __init__(self, *arguments):
                self.arguments = arguments

            def __reduce__(self):
                return getattr, self.arguments

        assert checkpoint._load_checkpoint(save(Through(HistoryBuffer, 'mean')))
        for owner, name in ((HistoryBuffer, '__init__'), (torch.Tensor, 'numpy')):
            with pytest.raises(CheckpointError):
                checkpoint._load_checkpoint(save(Through(owner, name)))

    def test_a_damaged_file_is_named(self, tmp_path):
        (tmp_path / 'a.pth').write_bytes(b'not a checkpoint')
        with pytest.raises(CheckpointError, match=r'a\.pth .*is damaged'):
            checkpoint._load_checkpoint(str(tmp_path / 'a.pth'))

    def test_downloads_are_read_the_same_way(self, monkeypatch):
        seen = {}
        monkeypatch.setattr(
            torch.hub, 'load_state_dict_from_url', lambda url, **kwargs: seen.update(kwargs) or {}
        )
        monkeypatch.setattr(checkpoint, 'torch', torch)  # as if upstream were untouched
        compat.load_tensors_only()
        checkpoint.load_url('https://example.org/a.pth', weights_only=False)
        assert seen['weights_only'] is True

    def test_the_rest_of_torch_is_torch(self):
        assert checkpoint.torch.save is torch.save
        assert torch.load.__module__ == 'torch.serialization'

    def test_a_caller_cannot_switch_it_off(self, save):
        buffer = io.BytesIO()
        torch.save({'x': object()}, buffer)
        buffer.seek(0)
        with pytest.raises(CheckpointError):
            checkpoint.torch.load(buffer, weights_only=False)


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
