"""mmengine's Runner on explicit parts, with one state and one place to steer."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from mmengine.model import revert_sync_batchnorm
from mmengine.runner import BaseLoop
from torch import nn

from mmholdout.datasets.loader import close_loader
from mmholdout.errors import NonFiniteLossError
from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.history.jsonl import History
from mmholdout.history.measurement import Measurement
from mmholdout.history.run_state import RunState
from mmholdout.hooks.steering import Stage, SteeringHook
from mmholdout.loops.precision import Precision
from mmholdout.models.vgg16_weights import weights_come_later
from mmholdout.registry import LOOPS
from mmholdout.report.console import Console
from mmholdout.report.summary import write_summary
from mmholdout.runner.changed_settings import changed_settings
from mmholdout.runner.checkpoint import write_checkpoint
from mmholdout.runner.facts import RunFacts
from mmholdout.runner.frozen import Frozen
from mmholdout.runner.initial_weights import initialising
from mmholdout.runner.kept_predictions import keep_of_best
from mmholdout.runner.load_weights import load_weights
from mmholdout.runner.parts import as_config_errors
from mmholdout.runner.quiet import QuietRunner
from mmholdout.runner.run_folder import RunFolder
from mmholdout.runner.score_thresholds import CLASS_SCORE_THRS, best_class_score_thrs
from mmholdout.runner.state import full_content, register, restore, weights_content

MMENGINE_HOOKS_OFF = {'timer': None, 'sampler_seed': None, 'logger': None, 'param_scheduler': None}


class HeldOutRunner(RunFacts, QuietRunner):
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
        freeze: paths of modules and parameters that are not trained.
        precision: of every forward pass outside training, which has its own from the config.
        on_accepted: called when everything is built and loaded, before anything is written.
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
        freeze: Sequence[str] = (),
        precision: Precision | None = None,
        on_accepted: Callable[[], None] = lambda: None,
        default_hooks: dict[str, Any] | None = None,
        **parts: Any,
    ) -> None:
        self.folder, self.console, self.device = folder, console, device
        self.stop_request = stop_request
        self.meta = meta
        self.declared_metrics = declared_metrics or {}
        self.resume_command = resume_command
        self._content, self._weights_from = content, load_from
        self._on_accepted = on_accepted
        self.precision = precision or Precision()
        self.history = History(folder.history)
        self.run_state = RunState()
        self.stop_reason: str | None = None
        self.stop_sentence = ''
        super().__init__(
            work_dir=str(folder.existing_part()),  # mmengine makes what it is given, at once
            default_hooks={**MMENGINE_HOOKS_OFF, 'runtime_info': None, 'checkpoint': None}
            | (default_hooks or {}),
            launcher='none',
            default_scope='mmholdout',
            # mmengine keeps loggers and hubs in globals by this name
            experiment_name=f'{folder.name}-{uuid.uuid4().hex}',
            **parts,
        )
        self._work_dir = self._log_dir = str(folder.path.absolute())
        self.precision.prepare(self.bare_model)
        self.frozen = Frozen(self.bare_model, freeze)

    # --- building ----------------------------------------------------------------------------

    def build_model(self, model: Any) -> nn.Module:
        """A model whose arguments are wrong is the user's mistake."""
        with as_config_errors('the model'):
            return super().build_model(model)

    def build_optim_wrapper(self, optim_wrapper: Any) -> Any:
        """So is an optimizer. It gets what is trained: not what is frozen here or by the model."""
        self.set_train_mode()  # in which backbones with `frozen_stages` freeze them
        self.frozen.check()
        with as_config_errors('optim_wrapper'):
            wrapper = super().build_optim_wrapper(optim_wrapper)
        self.frozen.drop_from(wrapper.optimizer)
        if sentence := self.frozen.sentence():
            self.say(sentence)
        return wrapper

    def _init_model_weights(self) -> None:
        """Not on resume, which needs no file of pretrained weights any more."""
        if self._content is None:
            later = weights_come_later(self._weights_from is not None)
            with initialising(self.bare_model) as remarks, later:
                super()._init_model_weights()
            for remark in remarks:
                self.say(remark)

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
            notices = changed_settings(self._content['meta'], self._meta_now({}))
            notices += restore(self, self._content, str(self.folder.last))
            loop = self.train_loop
            notices.append(f'resumed after {loop.epoch} epochs, {loop.iter} iterations')
            if loop.iter >= loop.end_iter:
                notices.append(f'{loop.limit} is reached; raise it in the config to train on')
        else:
            source = self._weights_from
            notices = load_weights(self.bare_model, source) if source else []
        self._on_accepted()
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
        """Write last.pth; the one before becomes last.prev.pth.

        A numbered one is written first: a run that dies in between writes both again.
        """
        content = full_content(self, self._meta_now({}))
        if numbered is not None:
            write_checkpoint(self.folder.numbered(numbered), content)
        write_checkpoint(self.folder.last, content, previous=self.folder.last_prev)
        if numbered is not None:
            self.folder.drop_numbered(keep)

    def save_first(self) -> None:
        """Before a run's first row of history: from there on it can be resumed, not restarted."""
        if not self.folder.last.exists() and not self.folder.last_prev.exists():
            self.save_last()

    def save_best(self, measurement: Measurement, key: str) -> None:
        """Write val_predictions.npz, then best_model.pth: weights, and what chose them."""
        chosen = {'monitor': key, 'value': measurement.metrics[key], **measurement.metrics}
        meta = {
            **self._meta_now(chosen),
            CLASS_SCORE_THRS: best_class_score_thrs(self.val_loop.metrics),
            'predictions': keep_of_best(self, measurement),
        }
        write_checkpoint(self.folder.best, weights_content(self, meta))

    def _meta_now(self, chosen: dict[str, Any]) -> dict[str, Any]:
        loop = self.train_loop
        return {
            **self.meta,
            'epoch': self.epochs_begun,
            'iter': loop.iter,
            'iters_per_epoch': loop.iters_per_epoch,
            'device': self.device.partition(':')[0],
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

    @property
    def is_to_leave(self) -> bool:
        """After Ctrl-C or SIGTERM, at the end of an accumulation window."""
        return self.stop_request.pending is not None and self.optim_wrapper.should_update()

    def leave_if_asked(self) -> None:
        """Save and leave, if the run is to."""
        signum = self.stop_request.pending
        if signum is None or not self.is_to_leave:
            return
        self.save_last()
        self._end_early('interrupted')
        loop = self.train_loop
        raise Interrupted(
            signum,
            f'interrupted in epoch {loop.epoch + 1} after {loop.iter} iterations; the run is saved '
            f'in {self.folder.path}. Continue with:\n  {self.resume_command}',
        )

    def set_train_mode(self) -> None:
        """Training mode, except for what is frozen."""
        self.model.train()
        self.frozen.keep_in_eval_mode()

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Around a measurement: weights as hooks want them measured, training's precision."""
        with ExitStack() as stack:
            for hook in self.hooks:
                if hasattr(hook, 'measuring'):
                    stack.enter_context(hook.measuring())
            # Inside: autocast keeps copies of weights until it is left.
            stack.enter_context(self.precision.autocast())
            yield

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
