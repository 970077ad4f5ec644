"""Whatever has a state or a random source of its own: resumed in the middle, it is as the whole.

Each config of `components` runs two epochs at 64 px; what the component needs for it is in the
config's first line.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from mmengine.hooks import Hook

from mmholdout.registry import HOOKS
from mmholdout.runner.train import train

COMPONENTS = sorted(p.stem for p in (Path(__file__).parent / 'components').glob('*.py'))
QUICK = 'dynamic_roi_head'
ITERATION = 3  # of four in the first epoch


@pytest.fixture
def save_in_the_middle(tmp_path):
    """Registers a hook that saves after an iteration, and keeps a copy; gives the copy's path."""
    copy = tmp_path / 'middle.pth'

    @HOOKS.register_module(name='SaveInTheMiddle', force=True)
    class SaveInTheMiddle(Hook):
        priority = 100  # after all others

        def after_train_iter(self, runner, **_):
            if runner.iter == ITERATION and not copy.exists():
                runner.save_last()
                shutil.copy(runner.folder.last, copy)

    yield copy
    HOOKS.module_dict.pop('SaveInTheMiddle')


def end_of(folder):
    content = torch.load(folder / 'checkpoints' / 'last.pth', weights_only=True)
    rows = [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]
    row = {k: v for k, v in rows[-1].items() if 'seconds' not in k}
    return content, row


def unequal(one, other):
    """Names of tensors and values that are not the same to the bit."""
    if isinstance(one, torch.Tensor):
        return [] if torch.equal(one, other) else ['']
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return [f'keys {one.keys() ^ other.keys()}']
        return [f'{k}.{rest}' for k in one for rest in unequal(one[k], other[k])]
    if isinstance(one, list | tuple):
        if len(one) != len(other):
            return ['length']
        return [f'{i}.{r}' for i, pair in enumerate(zip(one, other)) for r in unequal(*pair)]
    return [] if one == other else [f'{one!r} != {other!r}']


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'name',
    [pytest.param(n, marks=() if n == QUICK else pytest.mark.long) for n in COMPONENTS],
)
def test_resumed_in_the_middle_it_ends_as_uninterrupted(
    name, few_images, tmp_path, save_in_the_middle
):
    config = tmp_path / f'{name}.py'
    base = Path(__file__).parent / 'components' / f'{name}.py'
    config.write_text(
        f'_base_ = [{str(base)!r}]\n'
        f'data_root = {str(few_images)!r}\n'
        "custom_hooks = [*_base_.get('custom_hooks', []), dict(type='SaveInTheMiddle')]\n"
        'train_dataloader = dict(batch_size=4)\n'
        'val_dataloader = dict(batch_size=5)\n'
        'evaluation = dict(train_eval=0)\n'
    )
    whole, part = tmp_path / 'whole', tmp_path / 'part'
    train(str(config), work_dir=str(whole), device='cpu')
    train(str(config), work_dir=str(part), device='cpu', resume=str(save_in_the_middle))
    (content, row), (resumed, resumed_row) = end_of(whole), end_of(part)
    assert row == resumed_row
    for key in ('state_dict', 'optimizer', 'module_values'):
        assert unequal(content[key], resumed[key]) == []
