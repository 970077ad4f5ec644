"""When to stop, and why a run stopped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from mmholdout.monitor.arguments import number
from mmholdout.monitor.decision import PatientDecision
from mmholdout.monitor.patience import BadCount
from mmholdout.monitor.wording import validations


class StopReason(str, Enum):
    """Why a run ended, as summary.json says it."""

    MAX_EPOCHS = 'max_epochs'
    MAX_ITERS = 'max_iters'
    EARLY_STOP = 'early_stop'
    INTERRUPTED = 'interrupted'
    NON_FINITE = 'non_finite_loss'

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Stop:
    """A decision to stop.

    Args:
        epoch: after whose validation.
        num_bad: validations without improvement.
        num_epochs: epochs since the best value, or since counting began if there was none.
        best: the value that was not improved on, None if there never was a finite one.
        best_epoch: its epoch.
        patience: how many were tolerated.
        min_delta: what an improvement had to exceed.
        doubt: 'P(better) = 0.83 < 0.9' where that kept the last value from being one.
    """

    epoch: int
    num_bad: int
    num_epochs: int
    best: float | None
    best_epoch: int | None
    patience: int
    min_delta: float
    doubt: str | None = None

    def sentence(self, key: str) -> str:
        """'val/mAP has not improved on 0.75 (epoch 13) for 11 validations = 11 epochs (...)'."""
        span = f'{validations(self.num_bad, self.num_epochs)} (patience {self.patience})'
        if self.best is None:
            return f'{key} has had no finite value for {span}'
        margin = f' by more than {self.min_delta:g}' if self.min_delta else ''
        best = f'{self.best:.4g} (epoch {self.best_epoch})'
        last = f'; of the last one {self.doubt}' if self.doubt else ''
        return f'{key} has not improved on {best}{margin} for {span}{last}'


class EarlyStopDecision(PatientDecision):
    """Stop when more than `patience` validations have not improved.

    Args:
        mode: 'max' or 'min'.
        patience: validations without improvement that are tolerated.
        min_delta: an improvement must be greater than it, in the metric's own unit.
        significance: an improvement must be real with at least this probability, in (0.5, 1);
            None asks for none.

    Attributes:
        stopped: whether the last validation observed was one too many.
    """

    def __init__(
        self,
        mode: str,
        patience: int = 10,
        min_delta: float = 0.0,
        significance: float | None = None,
    ) -> None:
        super().__init__(BadCount(mode, patience, min_delta))
        if significance is not None:
            significance = number('significance', significance, '(0.5, 1)', 0.5, 1.0)
        self.significance = significance
        self.doubt: str | None = None
        self.stopped = False
        self.best_epoch: int | None = None
        self._since: int | None = None  # the epoch from which the bad ones are counted
        self._epoch = 0

    def would_improve(self, value: float) -> bool:
        """Whether a value is better than the best by more than `min_delta`."""
        return self._count.would_improve(value)

    def observe(self, value: float, epoch: int, p_better: float | None = None) -> Stop | None:
        """Count the validation after `epoch`; the decision, if it is to stop.

        Args:
            value: of the metric.
            epoch: after which it was measured.
            p_better: probability that this epoch is better than the best; None where there is
                nothing to compare with, and then the value decides.
        """
        self.doubt = None
        better = self.would_improve(value)
        if self.significance is not None and p_better is not None and p_better < self.significance:
            self.doubt = f'P(better) = {_below(p_better, self.significance)}'
        self.stopped = self._count.observe(value, is_sure=self.doubt is None)
        if self.doubt and better and self.best is not None:
            self._count.notice = (
                f'{value:.4g} is better than {self.best:.4g} (epoch {self.best_epoch}), but '
                f'{self.doubt}, so it counts as no improvement'
            )
        self._epoch = epoch
        if not self.num_bad:
            self.best_epoch = self._since = epoch
        elif self._since is None:  # the first value was not finite
            self._since = epoch - 1
        return self._stop() if self.stopped else None

    def still_stopped(self) -> bool:
        """Whether a restored run has stopped and its present patience does not let it go on."""
        return self.stopped and self.num_bad > self.patience

    def sentence(self, key: str) -> str:
        """What `Stop.sentence` said, or would say with the present patience."""
        return self._stop().sentence(key)

    def _stop(self) -> Stop:
        since = self._epoch if self._since is None else self._since
        return Stop(
            epoch=self._epoch,
            num_bad=self.num_bad,
            num_epochs=self._epoch - since,
            best=self.best,
            best_epoch=self.best_epoch,
            patience=self.patience,
            min_delta=self.min_delta,
            doubt=self.doubt,
        )

    def state_dict(self) -> dict[str, Any]:
        """Counters only; hyper-parameters come from the config."""
        doubt = {} if self.significance is None else {'doubt': self.doubt}
        return {
            **super().state_dict(),
            **doubt,
            'best_epoch': self.best_epoch,
            'since': self._since,
            'epoch': self._epoch,
            'stopped': self.stopped,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        super().load_state_dict(state)
        self.best_epoch, self._since = state['best_epoch'], state['since']
        self._epoch, self.stopped = int(state['epoch']), bool(state['stopped'])
        self.doubt = state.get('doubt')  # of a run with `significance`


def _below(probability: float, wanted: float) -> str:
    """'0.83 < 0.9', with as many digits as it takes to be true."""
    for decimals in range(2, 7):
        shown = f'{probability:.{decimals}f}'
        if float(shown) < wanted:
            break
    return f'{shown} < {wanted:g}'
