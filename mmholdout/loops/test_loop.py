"""The test loop: the one unbiased number, at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.runner import BaseLoop

from mmholdout.loops.held_out import held_out
from mmholdout.loops.intervals import intervals_of
from mmholdout.loops.measure import measure
from mmholdout.registry import LOOPS, METRICS


@LOOPS.register_module()
class TestLoop(BaseLoop):
    """Measure the test split with the threshold that validation chose.

    Args:
        runner: the run.
        dataloader: of the test split.
        evaluator: metric configs or objects.
        score_thr: from the checkpoint; where it has none, the metric's fixed one is used: a
            threshold is never chosen on the test split.
        class_score_thrs: likewise, by class; a class without one gets `score_thr`.
        bootstrap: resamplings of the test images for the intervals; 0 for none.
    """

    __test__ = False  # its name makes pytest look for tests in it

    def __init__(
        self,
        runner: Any,
        dataloader: Any,
        evaluator: Any,
        score_thr: float | None = None,
        class_score_thrs: Mapping[str, float] | None = None,
        bootstrap: int = 0,
    ) -> None:
        super().__init__(runner, dataloader)
        configs = evaluator if isinstance(evaluator, list | tuple) else [evaluator]
        self.metrics = [METRICS.build(c) if isinstance(c, dict) else c for c in configs]
        if score_thr is None:
            score_thr = self.metrics[0].options.fixed_score_thr
        self.score_thr = score_thr
        self.class_score_thrs = dict(class_score_thrs or {})
        self.bootstrap = bootstrap
        self.intervals: Any = None  # of the test, with reasons where there is none
        for metric in self.metrics:
            if hasattr(metric, 'class_score_thrs'):
                metric.class_score_thrs = self.class_score_thrs

    def run(self) -> dict[str, float]:
        """Measure; keys are 'test/mAP', 'test/mAP_low', 'test/precision', ...."""
        runner = self.runner
        with held_out(runner.model), runner.measuring():
            runner.call_hook('before_test')
            runner.call_hook('before_test_epoch')
            measured = measure(
                runner.model,
                self.dataloader,
                self.metrics,
                loss_group=None,
                score_thr=self.score_thr,
                before_batch=lambda index, batch, _: runner.call_hook(
                    'before_test_iter', batch_idx=index, data_batch=batch
                ),
                after_batch=lambda index, batch, outputs: runner.call_hook(
                    'after_test_iter', batch_idx=index, data_batch=batch, outputs=outputs
                ),
            )
            self.intervals = intervals_of(self.metrics, self.bootstrap)
            if self.intervals is not None:
                measured |= self.intervals.to_dict()
            values = {f'test/{name}': value for name, value in measured.items()}
            runner.call_hook('after_test_epoch', metrics=values)
            runner.call_hook('after_test')
        return values
