from types import SimpleNamespace

import pytest

from mmholdout.errors import ConfigError
from mmholdout.hooks import YOLOXModeSwitchHook
from mmholdout.registry import HOOKS

SKIPPED = ('Mosaic', 'RandomAffine', 'MixUp')


class Mixed:
    _skip_type_keys = ('Resize',)

    def update_skip_type_keys(self, names):
        self._skip_type_keys = names


@pytest.fixture
def runner():
    said = []
    return SimpleNamespace(
        bare_model=SimpleNamespace(bbox_head=SimpleNamespace(use_l1=False)),
        train_dataloader=SimpleNamespace(dataset=Mixed()),
        max_epochs=6,
        epoch=0,
        said=said,
        say=said.append,
    )


def modes(runner, first, last, hook=None):
    hook = hook or YOLOXModeSwitchHook(num_last_epochs=2)
    hook.before_run(runner)
    seen = []
    for epoch in range(first, last):
        runner.epoch = epoch
        hook.before_train_epoch(runner)
        seen.append((runner.bare_model.bbox_head.use_l1, runner.train_dataloader.dataset))
    return [(l1, dataset._skip_type_keys) for l1, dataset in seen][-1]


def test_stock_configs_get_it():
    assert HOOKS.get('YOLOXModeSwitchHook') is YOLOXModeSwitchHook


def test_the_mode_begins_as_in_mmdet(runner):
    """With epoch `max_epochs - num_last_epochs`, counted from 1: the last three of six."""
    assert modes(runner, 0, 3) == (False, ('Resize',))
    assert modes(runner, 0, 4) == (True, SKIPPED)
    assert runner.said == [
        'epoch 4: without Mosaic, RandomAffine, MixUp, and with the L1 loss, from here on'
    ]


@pytest.mark.parametrize('first', [0, 3, 5])
def test_a_resumed_run_has_the_mode_of_its_epoch(runner, first):
    assert modes(runner, first, 6) == (True, SKIPPED)


def test_with_more_epochs_it_is_switched_back(runner):
    runner.bare_model.bbox_head.use_l1 = True  # as it was saved
    hook = YOLOXModeSwitchHook(num_last_epochs=2)
    hook.before_run(runner)
    runner.epoch = 5
    hook.before_train_epoch(runner)
    runner.max_epochs = 20
    hook.before_train_epoch(runner)
    assert runner.bare_model.bbox_head.use_l1 is False
    assert runner.train_dataloader.dataset._skip_type_keys == ('Resize',)


def test_refused_at_the_start(runner):
    runner.bare_model = SimpleNamespace(bbox_head=SimpleNamespace())
    runner.train_dataloader.dataset = object()
    with pytest.raises(ConfigError) as error:
        YOLOXModeSwitchHook().before_run(runner)
    assert 'no L1 loss' in str(error.value) and 'no MultiImageMixDataset' in str(error.value)


@pytest.mark.parametrize('epochs', [-1, 1.5, True, '15'])
def test_what_cannot_be_is_refused(epochs):
    with pytest.raises(ConfigError, match='num_last_epochs'):
        YOLOXModeSwitchHook(epochs)
