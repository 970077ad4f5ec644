"""Let torch compile the model before the first step."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook

from mmholdout.models.compiled import compile_parts
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class CompileHook(Hook):
    """`compile = True` in the config, or a dict of keywords of `torch.compile`.

    Args:
        options: those keywords, such as `mode`, `dynamic`, `backend`.
    """

    def __init__(self, **options: Any) -> None:
        self.options = options

    def before_train(self, runner: Any) -> None:
        """Compiling itself waits for the first batch."""
        compile_parts(runner.bare_model, self.options, runner.say)
        runner.say('compile: training passes are compiled at the first step, which takes minutes')
