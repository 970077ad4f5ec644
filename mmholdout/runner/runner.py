"""mmengine's Runner, quiet, on explicit parts, with one state and one place to steer."""

from __future__ import annotations

import math
import uuid
from typing import Any

from mmengine.logging import MMLogger
from mmengine.model import is_model_wrapper, revert_sync_batchnorm
from mmengine.runner import BaseLoop, Runner
from mmengine.visualization import Visualizer
from torch import nn

from mmholdout.datasets.loader import close_loader
from mmholdout.errors import ConfigError, NonFiniteLossError
from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.history.jsonl import History
from mmholdout.history.measurement import Measurement
from mmholdout.history.run_state import RunState
from mmholdout.hooks.best_model import BestModelHook
from mmholdout.hooks.learning_rate import LearningRateHook
from mmholdout.hooks.steering import Stage, SteeringHook
from mmholdout.registry import LOOPS
from mmholdout.report.console import Console
from mmholdout.report.summary import write_summary
from mmholdout.runner.checkpoint import write_checkpoint
from mmholdout.runner.load_weights import load_weights
from mmholdout.runner.log import run_logger
from mmholdout.runner.parts import as_config_errors
from mmholdout.runner.run_folder import RunFolder
from mmholdout.runner.state import full_content, register, restore, weights_content
from mmholdout.runner.summary import summarise

MMENGINE_HOOKS_OFF = {'timer': None, 'sampler_seed': None, 'logger': None, 'param_scheduler': None}


class HeldOutRunner(Runner):
    """Runs the registered loops; owns the run folder, the history and the run's state.

    Args:
        folder: where everything is written.
        console: where everything is said.
        device: 'cpu', 'cuda', 'cuda:1'.
        stop_request: notes Ctrl-C and SIGTERM.
        meta: what every checkpoint carries besides weights: config, classes, versions.
        declared_metrics: every key that validation will measure, with its direction.
        resume_command: how to continue, for the message after an interruption.
        content: a full checkpoint to continue from.
        load_from: weights to start from, where there is no `content`.
        default_hooks: ours; mmengine's own are off.
        parts: further keywords of mmengine's Runner: ready-made loaders, loop configs, model.
    """

    def __init__(
        self,
        *,
        folder: RunFolder,
        console: Console,
        device: str,
        stop_request: StopRequest,
        meta: dict[str, Any],
        declared_metrics: dict[str, Any] | None = None,
        resume_command: str = '',
        content: dict[str, Any] | None = None,
        load_from: str | None = None,
        default_hooks: dict[str, Any] | None = None,
        **parts: Any,
    ) -> None:
        self.folder, self.console, self.device = folder, console, device
        self.stop_request = stop_request
        self.meta = meta
        self.declared_metrics = declared_metrics or {}
        self.resume_command = resume_command
        self._content, self._weights_from = content, load_from
        self.history = History(folder.history)
        self.run_state = RunState()
        self.stop_reason: str | None = None
        self.stop_sentence = ''
        super().__init__(
            work_dir=str(folder.path),
            default_hooks={**MMENGINE_HOOKS_OFF, 'runtime_info': None, 'checkpoint': None}
            | (default_hooks or {}),
            launcher='none',
            default_scope='mmholdout',
            # mmengine keeps loggers and hubs in globals by this name
            experiment_name=f'{folder.name}-{uuid.uuid4().hex}',
            **parts,
        )

    # --- mmengine's set-up, made quiet -------------------------------------------------------

    @property
    def timestamp(self) -> str:
        """Empty: mmengine would make a folder of this name in the run folder."""
        return ''

    def build_logger(self, log_level: Any = 'INFO', log_file: Any = None, **_: Any) -> Any:
        """A logger that speaks through the console; mmengine's own chatter goes to the log."""
        MMLogger.get_instance(self._experiment_name, log_level='ERROR')
        return run_logger(self._experiment_name, self.console)

    def build_visualizer(self, visualizer: Any = None) -> Visualizer:
        """One without back ends; pictures are drawn by `report`."""
        if visualizer is not None:
            return super().build_visualizer(visualizer)
        return Visualizer.get_instance(self._experiment_name)

    def _log_env(self, env_cfg: dict[str, Any]) -> None:
        self.logger.debug('torch and library versions are in every checkpoint')

    def dump_config(self) -> None:
        """Nothing: `train` has written the resolved config."""

    def build_model(self, model: Any) -> nn.Module:
        """A model whose arguments are wrong is the user's mistake."""
        with as_config_errors('the model'):
            return super().build_model(model)

    def build_optim_wrapper(self, optim_wrapper: Any) -> Any:
        """So is an optimizer."""
        with as_config_errors('optim_wrapper'):
            return super().build_optim_wrapper(optim_wrapper)

    def build_train_loop(self, loop: Any) -> Any:
        """From our words: mmengine refuses a loop with both `type` and `by_epoch`."""
        if isinstance(loop, BaseLoop):
            return loop
        return LOOPS.build(dict(loop, runner=self, dataloader=self._train_dataloader))

    def wrap_model(self, model_wrapper_cfg: Any, model: nn.Module) -> nn.Module:
        """Move the model to the chosen device."""
        return revert_sync_batchnorm(model).to(self.device)

    def load_or_resume(self) -> None:
        """Once every part is built: put a saved state back, or start from given weights."""
        register(self)
        if self._content is not None:
            notices = restore(self, self._content, str(self.folder.last))
            loop = self.train_loop
            notices.append(f'resumed after {loop.epoch} epochs, {loop.iter} iterations')
        else:
            source = self._weights_from
            notices = load_weights(self.bare_model, source) if source else []
        for notice in notices:
            self.say(notice)

    # --- the state of the run ----------------------------------------------------------------

    def train(self) -> nn.Module:
        """Train; a loss that is not finite ends the run on record."""
        try:
            return super().train()
        except NonFiniteLossError:
            self._end_early('non_finite_loss')
            raise
        finally:
            for loader in (
                self._train_dataloader,
                *getattr(self._val_loop, 'loaders', {}).values(),
            ):
                close_loader(loader)

    def test(self) -> dict[str, float]:
        """Test; the loader's workers end with it."""
        try:
            return super().test()
        finally:
            close_loader(self._test_dataloader)

    def _end_early(self, reason: str) -> None:
        self.stop_reason = reason
        write_summary(self.folder.summary, **self.summary())
        self.console.close()

    def save_last(self, numbered: int | None = None, keep: int = 0) -> None:
        """Write last.pth; the one before becomes last.prev.pth."""
        content = full_content(self, self._meta_now({}))
        write_checkpoint(self.folder.last, content, previous=self.folder.last_prev)
        if numbered is not None:
            self.folder.rotate_numbered(numbered, keep)

    def save_best(self, measurement: Measurement, key: str) -> None:
        """Write best_model.pth: weights, and what chose them."""
        chosen = {'monitor': key, 'value': measurement.metrics[key], **measurement.metrics}
        write_checkpoint(self.folder.best, weights_content(self, self._meta_now(chosen)))

    def _meta_now(self, chosen: dict[str, Any]) -> dict[str, Any]:
        loop = self.train_loop
        return {
            **self.meta,
            'epoch': self.epochs_begun,
            'iter': loop.iter,
            'chosen': chosen,
        }

    # --- steering ----------------------------------------------------------------------------

    def steer(self, measurement: Measurement) -> None:
        """Record, reduce the rate, keep the best, decide to stop, save; then tell and draw."""
        event = 'after_validation' if measurement.validated else 'after_plain_epoch'
        hooks = [hook for hook in self.hooks if isinstance(hook, SteeringHook)]
        hooks.sort(key=lambda hook: hook.stage)
        with self.console.holding() as remarks:
            for hook in (h for h in hooks if h.stage < Stage.LINE):
                getattr(hook, event)(self, measurement)
        for hook in (h for h in hooks if h.stage == Stage.LINE):
            getattr(hook, event)(self, measurement)
        for remark in remarks:
            self.say(remark)
        for hook in (h for h in hooks if h.stage > Stage.LINE):
            getattr(hook, event)(self, measurement)

    def stop(self, sentence: str, reason: str) -> None:
        """End training after the current step, and say why."""
        self.train_loop.stop_training = True
        self.stop_reason, self.stop_sentence = reason, sentence
        self.say(sentence)

    def leave_if_asked(self) -> None:
        """After Ctrl-C or SIGTERM: save at the end of an accumulation window and leave."""
        signum = self.stop_request.pending
        if signum is None or not self.optim_wrapper.should_update():
            return
        self.save_last()
        self._end_early('interrupted')
        loop = self.train_loop
        raise Interrupted(
            signum,
            f'interrupted in epoch {loop.epoch + 1} after {loop.iter} iterations; the run is saved '
            f'in {self.folder.path}. Continue with:\n  {self.resume_command}',
        )

    def start_accumulation(self, step: int, iters_per_epoch: int) -> None:
        """Begin an epoch's accumulation windows; a rest at its end makes a smaller one."""
        scale = math.prod(getattr(hook, 'accumulation_scale', 1) for hook in self.hooks)
        wrapper = self.optim_wrapper
        if not hasattr(self, '_base_accumulation'):
            self._base_accumulation = wrapper._accumulative_counts
        wrapper._accumulative_counts = self._base_accumulation * scale
        wrapper.initialize_count_status(self.model, step, iters_per_epoch)

    # --- what hooks ask for ------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Print one message."""
        self.console.say(text)

    @property
    def bare_model(self) -> nn.Module:
        """The model without a wrapper."""
        return self.model.module if is_model_wrapper(self.model) else self.model

    def _hook(self, kind: type) -> Any:
        found = [hook for hook in self.hooks if isinstance(hook, kind)]
        if not found:
            raise ConfigError(f'default_hooks lacks {kind.__name__}')
        return found[0]

    best = property(lambda self: self._hook(BestModelHook).tracker)
    best_key = property(lambda self: self._hook(BestModelHook).key)
    warmup_iters = property(lambda self: self._hook(LearningRateHook).schedule.warmup_iters)
    interval = property(lambda self: self.train_loop.due.interval)
    iou_thr = property(lambda self: self.val_loop.metrics[0].options.iou_thr)

    @property
    def learning_rate(self) -> float:
        """The first parameter group's rate, as used in the latest iteration."""
        return float(self.optim_wrapper.param_groups[0]['lr'])

    @property
    def lr_cuts(self) -> list[int]:
        """Epochs after which the plateau rule cut the rate."""
        return sorted(epoch for hook in self.hooks for epoch in getattr(hook, 'cuts', ()))

    @property
    def validations_left(self) -> float:
        """Validations until the limit, for the ETA."""
        loop = self.train_loop
        unit = loop.iters_per_epoch if loop.due.by_epoch else 1
        return (loop.max_iters - loop.iter) / (loop.due.interval * unit)

    def epochs_of(self, count: int) -> int:
        """How many epochs so many validations take; 0 where the interval counts iterations."""
        return count * self.interval if self.train_loop.due.by_epoch else 0

    def summary(self) -> dict[str, Any]:
        """The fields of summary.json."""
        return summarise(self)

    @property
    def epochs_begun(self) -> int:
        """Epochs completed, the one under way included."""
        return int(self.train_loop.epoch) + bool(self.train_loop.step)
