"""How long the run is, as the words so far say it."""

from __future__ import annotations

from typing import NamedTuple

from mmholdout.config.from_mmdet.rewriting import Rewriting, whole


class RunLength(NamedTuple):
    """One of the two is known.

    Attributes:
        epochs: as the config counts them.
        iters: where the run is counted in iterations.
    """

    epochs: int | None
    iters: int | None

    def in_unit(self, by_epoch: bool) -> int | None:
        """The length in epochs or iterations; None where it is said in the other."""
        return self.epochs if by_epoch else self.iters


def run_length(r: Rewriting) -> RunLength:
    """From `train_cfg`."""
    words = r.dict_at('train_cfg')
    given = [
        v if whole(v := words.get(key)) and v > 0 else None for key in ('max_epochs', 'max_iters')
    ]
    return RunLength(*given)


def base_rate(r: Rewriting) -> float | None:
    """The optimizer's `lr`."""
    rate = r.at('optim_wrapper', 'optimizer', 'lr')
    return float(rate) if isinstance(rate, int | float) and rate > 0 else None
