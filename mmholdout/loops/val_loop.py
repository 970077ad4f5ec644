"""The validation loop: measures the model, changes nothing."""

from __future__ import annotations

from typing import Any

from mmengine.runner import BaseLoop

from mmholdout.loops.held_out import ValidationLeftError, held_out
from mmholdout.loops.intervals import intervals_of
from mmholdout.loops.measure import measure
from mmholdout.loops.purity import pure
from mmholdout.models.loss_and_predictions import one_pass
from mmholdout.registry import LOOPS, METRICS


@LOOPS.register_module()
class ValLoop(BaseLoop):
    """Measure the val split, and the `train_eval` slice in the same way.

    In pseudocode::

        with every module in eval mode, no gradient, random states put back afterwards,
             training's precision, the averaged weights where there are any,
             and an error if anything else that training goes on from has changed:
            val        = loss and metrics of the val split, from one forward pass
            train_eval = the same of a fixed, un-augmented slice of the training split
            intervals  = how far val's metrics would be off on other such images
        return {'val/loss': ..., 'val/mAP': ..., 'train_eval/loss': ..., ...}

    Args:
        runner: the run.
        dataloader: of the val split.
        evaluator: metric configs or objects.
        loss: whether to compute the validation loss.
        train_eval_loader: of the slice, or None.
        bootstrap: resamplings of the val images for the intervals; 0 for none.
        loss_group: images per loss group: the training batch size, so that the losses of train,
            train_eval and val are normalised alike whatever batch the forward pass uses.

    Raises:
        ConfigError: a detector whose validation loss is asked for and cannot be had.
    """

    def __init__(
        self,
        runner: Any,
        dataloader: Any,
        evaluator: Any,
        loss: bool = True,
        train_eval_loader: Any = None,
        bootstrap: int = 0,
        loss_group: int = 1,
    ) -> None:
        super().__init__(runner, dataloader)
        if loss:
            one_pass(runner.model)  # now, not after the first epoch
        configs = evaluator if isinstance(evaluator, list | tuple) else [evaluator]
        self.metrics = [METRICS.build(c) if isinstance(c, dict) else c for c in configs]
        self.loss_group = loss_group if loss else None
        self.bootstrap = bootstrap
        self.intervals: Any = None  # of the last validation, with reasons where there is none
        self.loaders = {'val': dataloader}
        if train_eval_loader is not None:
            self.loaders['train_eval'] = train_eval_loader
        self.split = ''  # the one being measured, for the progress display

    def run(self) -> dict[str, float]:
        """Measure; keys carry their split: 'val/mAP', 'train_eval/loss'.

        Raises:
            ImpureValidationError: something that training goes on from changed; it is named.
            ValidationLeftError: the run was asked to stop; nothing is saved from in here, where
                neither the weights nor the random states are those of training.
        """
        runner = self.runner
        values: dict[str, float] = {}
        # From the outside in: what is compared is what training goes on from.
        with (
            pure(runner.bare_model, runner.training_state),
            held_out(runner.model),
            runner.measuring(),
        ):
            runner.call_hook('before_val')
            runner.call_hook('before_val_epoch')
            for split, loader in reversed(self.loaders.items()):  # val last: its tables remain
                self.split = split
                measured = measure(
                    runner.model,
                    loader,
                    self.metrics,
                    loss_group=self.loss_group,
                    before_batch=self._before_batch,
                    after_batch=self._after_batch,
                )
                values.update({f'{split}/{name}': value for name, value in measured.items()})
            self.intervals = intervals_of(self.metrics, self.bootstrap)
            if self.intervals is not None:
                noise = self.intervals.to_dict()
                values.update({f'val/{name}': value for name, value in noise.items()})
            runner.call_hook('after_val_epoch', metrics=values)
            runner.call_hook('after_val')
        return values

    def _before_batch(self, index: int, batch: Any, _: Any) -> None:
        if self.runner.is_to_leave:
            raise ValidationLeftError
        self.runner.call_hook('before_val_iter', batch_idx=index, data_batch=batch)

    def _after_batch(self, index: int, batch: Any, outputs: Any) -> None:
        self.runner.call_hook('after_val_iter', batch_idx=index, data_batch=batch, outputs=outputs)
