"""A resumed run is the run: what stands against it is refused by name, or said aloud."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook

from mmholdout.datasets.sample_history import find_history
from mmholdout.errors import CheckpointError, ConfigError
from mmholdout.models.module_values import ModuleValues
from mmholdout.registry import HOOKS

KEY = 'module_values'
_OTHERWISE = 'or set exact_resume = False, and a resumed run will differ from an uninterrupted one'


@HOOKS.register_module()
class ExactResumeHook(Hook):
    """Keep in each full checkpoint what training changes in the model beside its `state_dict`.

    Before the first iteration it looks for transforms whose samples depend on what was read
    before; after the first, for objects in the model that no checkpoint can hold.

    Args:
        exact: refuse a run that could not be resumed exactly; False says why not, and runs.
    """

    priority = 'VERY_LOW'  # after all that other hooks change

    def __init__(self, exact: bool = True) -> None:
        self.exact = exact
        self._values: ModuleValues | None = None
        self._said: set[str] = set()
        self._steps = 0

    def before_run(self, runner: Any) -> None:
        """Look at the training samples.

        Raises:
            ConfigError: in exact mode, a transform with a memory or a random source of its own.
        """
        for name in find_history(runner.train_dataloader.dataset):
            self._refuse_or_say(
                runner,
                f'a training sample is another one after other samples: {name} keeps what it has '
                'read, or draws from a random generator of its own. Let it draw from '
                'numpy.random, which is a function of (seed, epoch, index) here',
            )

    def before_train(self, runner: Any) -> None:
        """Know the model as it was built."""
        self._known(runner)

    def after_train_iter(self, runner: Any, **_: Any) -> None:
        """Look at the model once it has made a step.

        Raises:
            ConfigError: in exact mode, an object that no checkpoint can hold was exchanged.
        """
        self._steps += 1
        if self._steps == 1:
            for name in self._known(runner).not_saved():
                self._refuse_or_say(runner, _sentence(name), name)

    def before_save_checkpoint(self, runner: Any, checkpoint: dict[str, Any]) -> None:
        """Add the values to what a resume needs; they are no part of the weights."""
        if checkpoint['kind'] != 'full':
            return
        checkpoint[KEY] = state = self._known(runner).state_dict()
        for name in state['not_saved']:  # too late to refuse: it would cost what was trained
            if name not in self._said:
                self._said.add(name)
                runner.say(f'warning: {_sentence(name)}. A resumed run will differ')

    def after_load_checkpoint(self, runner: Any, checkpoint: dict[str, Any]) -> None:
        """Put the values back.

        Raises:
            CheckpointError: they do not fit; or, in exact mode, some could not be saved.
        """
        values = self._known(runner)
        state = checkpoint.get(KEY, {'values': {}, 'not_saved': []})
        if state['not_saved'] and self.exact:
            raise CheckpointError(
                f'the checkpoint does not hold {", ".join(state["not_saved"])}, which training '
                'had changed: the run would not go on where it was. Set exact_resume = False to '
                'go on all the same, or start a new run with load_from'
            )
        try:
            values.load_state_dict(state)
        except (ValueError, TypeError, IndexError, KeyError) as error:
            raise CheckpointError(
                f'{error}. Resume with the model that wrote the checkpoint, or start a new run '
                'with load_from'
            ) from error

    def _known(self, runner: Any) -> ModuleValues:
        if self._values is None:
            self._values = ModuleValues(runner.bare_model)
        return self._values

    def _refuse_or_say(self, runner: Any, text: str, name: str = '') -> None:
        if self.exact:
            raise ConfigError(f'{text}; {_OTHERWISE}')
        self._said.add(name)
        runner.say(f'exact_resume = False: {text}')


def _sentence(name: str) -> str:
    return (
        f'{name} of the model was exchanged for an object that a checkpoint cannot hold; numbers, '
        'words, tensors, arrays and containers of them can be'
    )
