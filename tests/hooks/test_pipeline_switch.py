from types import SimpleNamespace

import pytest
from mmengine.dataset import Compose

from mmholdout.errors import ConfigError
from mmholdout.hooks import PipelineSwitchHook
from mmholdout.registry import HOOKS


class Files:
    def __init__(self):
        self.pipeline = Compose([])


@pytest.fixture
def runner():
    files = Files()
    loader = SimpleNamespace(dataset=SimpleNamespace(dataset=files))
    said = []
    return SimpleNamespace(
        train_dataloader=loader, files=files, epoch=0, said=said, say=said.append
    )


def hook(switch_epoch=2):
    return PipelineSwitchHook(switch_epoch, [dict(type='RandomFlip', prob=0.5)])


def test_stock_configs_get_it():
    assert HOOKS.get('PipelineSwitchHook') is PipelineSwitchHook


def test_each_epoch_has_its_pipeline_wherever_the_run_begins(runner):
    own = runner.files.pipeline
    for first in range(4):
        switch = hook()
        runner.files.pipeline = own
        switch.before_run(runner)
        for epoch in range(first, 5):
            runner.epoch = epoch
            switch.before_train_epoch(runner)
            assert (runner.files.pipeline is own) == (epoch < 2)
    assert runner.said == ['epoch 3: switch_pipeline from here on'] * 3 + [
        'epoch 4: switch_pipeline from here on'
    ]


def test_an_earlier_epoch_has_the_own_pipeline_again(runner):
    own, switch = runner.files.pipeline, hook()
    switch.before_run(runner)
    for epoch, is_own in ((3, False), (1, True)):
        runner.epoch = epoch
        switch.before_train_epoch(runner)
        assert (runner.files.pipeline is own) == is_own


def test_a_mistake_in_the_other_pipeline_is_found_at_the_start(runner):
    switch = PipelineSwitchHook(2, [dict(type='RandomFlop')])
    with pytest.raises(ConfigError, match=r'switch_pipeline cannot be built: .*RandomFlop'):
        switch.before_run(runner)


@pytest.mark.parametrize('words', [(-1, [{}]), (True, [{}]), (1.5, [{}]), (1, []), (1, None)])
def test_what_cannot_be_is_refused(words):
    with pytest.raises(ConfigError, match='switch_'):
        PipelineSwitchHook(*words)
