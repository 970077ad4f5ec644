"""A hook of your own: say how far the kept model is ahead of the present one."""

from mmholdout.hooks import Stage, SteeringHook
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class GapToBestHook(SteeringHook):
    """After each validation, one line: how much the present value is below the best."""

    stage = Stage.REPORT

    def after_validation(self, runner, measurement):
        """Compare with the best so far; `runner.best` belongs to the run."""
        gap = abs(measurement.metrics[runner.best_key] - runner.best.best)
        runner.logger.info(f'{gap:.3f} away from the best {runner.best_key}')
