"""Whole runs in which something writes to the model while it is measured."""

import pytest
import torch
from mmengine.hooks import Hook

from mmholdout.errors import ImpureValidationError
from mmholdout.registry import HOOKS
from mmholdout.runner.train import train


@pytest.fixture
def run_with(small_config, tmp_path):
    """Trains one epoch with a hook that does something in validation; gives the last checkpoint."""
    work_dir = tmp_path / 'run'

    def run(does):
        @HOOKS.register_module(name='MeddlingHook', force=True)
        class MeddlingHook(Hook):
            def after_val_iter(self, runner, **_):
                does(runner.bare_model)

        config = small_config(
            """
            custom_hooks = [dict(type='MeddlingHook')]
            train_cfg = dict(max_epochs=1)
            """
        )
        train(str(config), work_dir=str(work_dir))
        return torch.load(work_dir / 'checkpoints' / 'last.pth', weights_only=True)

    yield run
    HOOKS.module_dict.pop('MeddlingHook', None)


def forward_in_training_mode(model):
    model.train()
    model.extract_feat(torch.randn(2, 3, 64, 64))


def test_batch_norm_that_is_touched_is_named_and_nothing_is_saved(run_with, tmp_path):
    with pytest.raises(ImpureValidationError, match=r'backbone\S*\.running_mean'):
        run_with(forward_in_training_mode)
    assert not list(tmp_path.rglob('last.pth'))


def test_a_count_that_goes_on_is_named(run_with):
    def count(model):
        model.bbox_head.anchor_generator.calls = (
            getattr(model.bbox_head.anchor_generator, 'calls', 0) + 1
        )

    with pytest.raises(ImpureValidationError, match=r'bbox_head\.\S*\.calls'):
        run_with(count)


def test_a_hook_that_only_looks_is_no_fault(run_with):
    seen = []
    content = run_with(lambda model: seen.append(model.training))
    assert seen and not any(seen)
    assert content['kind'] == 'full'
