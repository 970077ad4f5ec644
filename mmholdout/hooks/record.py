"""Write each epoch and each validation to history.jsonl."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import Stage, SteeringHook
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class RecordHook(SteeringHook):
    """Append one row a validation or epoch, with the rate that was in use."""

    stage = Stage.RECORD

    def __init__(self) -> None:
        self._num_rows = 0
        self._restored = False

    def before_train(self, runner: Any) -> None:
        """On resume, drop rows of epochs that the checkpoint does not contain."""
        if self._restored:
            notice = runner.history.truncate(self._num_rows)
            if notice:
                runner.say(notice)
                self._num_rows = len(runner.history.rows)

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Append the row."""
        runner.history.append(measurement.row(lr=runner.learning_rate))
        self._num_rows += 1

    def after_plain_epoch(self, runner: Any, measurement: Measurement) -> None:
        """Append the row; it has no val keys."""
        self.after_validation(runner, measurement)

    def state_dict(self) -> dict[str, Any]:
        """The length of the history at this point of the run."""
        return {'num_rows': self._num_rows}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Remember the length that belongs to the checkpoint."""
        self._num_rows = int(state['num_rows'])
        self._restored = True
