from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from mmholdout.datasets.seeded import SeededDataset
from mmholdout.errors import CheckpointError, ConfigError
from mmholdout.hooks import ExactResumeHook


class OwnGenerator:
    def __init__(self):
        self.generator = np.random.default_rng(0)

    def __call__(self, results):
        return {'drawn': self.generator.random()}


class Files:
    def __init__(self, *steps):
        self.pipeline = SimpleNamespace(transforms=list(steps))

    def __len__(self):
        return 4

    def __getitem__(self, index):
        results = {'index': index}
        for step in self.pipeline.transforms:
            results = step(results)
        return results


@pytest.fixture
def runner():
    model = nn.Linear(1, 1)
    model.count = 0
    said = []
    return SimpleNamespace(
        bare_model=model,
        train_dataloader=SimpleNamespace(dataset=SeededDataset(Files(), 0)),
        said=said,
        say=said.append,
    )


def saved(hook, runner, kind='full'):
    checkpoint = {'kind': kind}
    hook.before_save_checkpoint(runner, checkpoint)
    return checkpoint


def exchange(model):
    model.calculator = lambda: 1


def test_a_full_checkpoint_holds_what_has_changed_and_gives_it_back(runner):
    hook = ExactResumeHook()
    hook.before_train(runner)
    runner.bare_model.count = 3
    checkpoint = saved(hook, runner)
    assert checkpoint['module_values'] == {'values': {'': [['count', 3]]}, 'not_saved': []}
    assert 'module_values' not in saved(hook, runner, 'weights')

    runner.bare_model = nn.Linear(1, 1)
    runner.bare_model.count = 0
    again = ExactResumeHook()
    again.after_load_checkpoint(runner, checkpoint)
    again.before_train(runner)
    assert runner.bare_model.count == 3
    assert saved(again, runner) == checkpoint  # still compared with the model as it was built


def test_an_older_checkpoint_without_it_loads(runner):
    ExactResumeHook().after_load_checkpoint(runner, {'kind': 'full'})
    assert runner.bare_model.count == 0


def test_one_of_another_model_is_refused(runner):
    state = {'values': {'head.assigner': [['iou_thr', 0.5]]}, 'not_saved': []}
    with pytest.raises(CheckpointError, match=r"no 'head\.assigner'"):
        ExactResumeHook().after_load_checkpoint(runner, {'kind': 'full', 'module_values': state})


def test_an_object_that_cannot_be_saved_is_refused_after_the_first_iteration(runner):
    hook = ExactResumeHook()
    hook.before_train(runner)
    exchange(runner.bare_model)
    with pytest.raises(ConfigError, match=r'calculator of the model .*exact_resume = False'):
        hook.after_train_iter(runner, batch_idx=0)


def test_later_it_is_said_and_the_resume_is_refused(runner):
    hook = ExactResumeHook()
    hook.before_train(runner)
    hook.after_train_iter(runner, batch_idx=0)
    exchange(runner.bare_model)
    hook.after_train_iter(runner, batch_idx=1)
    saved(hook, runner)
    checkpoint = saved(hook, runner)
    (said,) = runner.said
    assert said.startswith('warning: calculator of the model was exchanged')
    with pytest.raises(CheckpointError, match=r'does not hold calculator.*exact_resume = False'):
        ExactResumeHook().after_load_checkpoint(runner, checkpoint)
    ExactResumeHook(exact=False).after_load_checkpoint(runner, checkpoint)


def test_if_allowed_it_is_said_once(runner):
    hook = ExactResumeHook(exact=False)
    hook.before_train(runner)
    exchange(runner.bare_model)
    hook.after_train_iter(runner, batch_idx=0)
    saved(hook, runner)
    (said,) = runner.said
    assert said.startswith('exact_resume = False: calculator of the model')


@pytest.mark.parametrize('exact', [True, False])
def test_a_transform_with_a_generator_of_its_own(runner, exact):
    runner.train_dataloader.dataset = SeededDataset(Files(OwnGenerator()), 0)
    hook = ExactResumeHook(exact=exact)
    if exact:
        with pytest.raises(ConfigError, match=r'OwnGenerator keeps.*numpy\.random'):
            hook.before_run(runner)
    else:
        hook.before_run(runner)
        (said,) = runner.said
        assert 'OwnGenerator' in said


def test_a_clean_run_says_nothing(runner):
    hook = ExactResumeHook()
    hook.before_run(runner)
    hook.before_train(runner)
    runner.bare_model.weight.data += 1
    runner.bare_model.last = torch.ones(3)
    hook.after_train_iter(runner, batch_idx=0)
    saved(hook, runner)
    assert runner.said == []
