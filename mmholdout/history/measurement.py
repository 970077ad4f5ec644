"""What one validation, or one epoch without validation, found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measurement:
    """Metrics at one position of a run.

    Args:
        epoch: from 1; the epoch that was completed, or the one under way.
        iteration: iterations completed since the start of the run.
        metrics: full keys ('train/loss', 'val/mAP', 'train_eval/loss'), full precision.
        train_seconds: spent training since the measurement before.
        val_seconds: spent in validation.
    """

    epoch: int
    iteration: int
    metrics: Mapping[str, float] = field(default_factory=dict)
    train_seconds: float = 0.0
    val_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """Training and validation together."""
        return self.train_seconds + self.val_seconds

    @property
    def validated(self) -> bool:
        """Whether the val split was measured."""
        return any(key.startswith('val/') for key in self.metrics)

    def row(self, lr: float) -> dict[str, float]:
        """The row of history.jsonl: position, rate, seconds, metrics.

        Args:
            lr: the learning rate that was in use.
        """
        row: dict[str, float] = {
            'epoch': self.epoch,
            'iter': self.iteration,
            'lr': float(lr),
            'seconds': self.seconds,
            'train_seconds': self.train_seconds,
        }
        if self.validated:  # absent is absent
            row['val_seconds'] = self.val_seconds
        return row | {key: float(value) for key, value in self.metrics.items()}
