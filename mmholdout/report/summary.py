"""`summary.json`: why and when training stopped, and what it found."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from mmholdout.errors import RunFolderError
from mmholdout.history.atomic import write_text


@dataclass(frozen=True)
class Summary:
    """The end of a run; what is None is absent from the file.

    Attributes:
        stop_reason: `max_epochs`, `max_iters`, `early_stop`, `interrupted`, `non_finite_loss`;
            `refit_epochs` for a refit that has ended.
        stopped_epoch: the last epoch that was trained, from 1.
        monitor: full key of the value that chose the best epoch.
        mode: its direction, 'max' or 'min'; absent in runs of earlier versions.
        best: its value, unrounded, at `best_epoch`.
        message: the sentence that the console showed at the stop.
        validation_cost: sentence.
        lr_cuts: epochs after whose validation the rate was cut.
        overfitting: sentence.
        seconds: wall clock of the whole run.
        splits: what is to be known of them, see `split_text`; empty where they are clean.
        refit_of: the run folder whose epochs and rates were repeated; then there is no best.
    """

    stop_reason: str
    stopped_epoch: int
    monitor: str | None = None
    mode: Literal['max', 'min'] | None = None
    best_epoch: int | None = None
    best: float | None = None
    message: str | None = None
    validation_cost: str | None = None
    lr_cuts: list[float] = field(default_factory=list)
    overfitting: str | None = None
    seconds: float | None = None
    splits: list[str] = field(default_factory=list)
    refit_of: str | None = None


def write_summary(path: Path | str, **values: Any) -> Summary:
    """Write atomically the fields of `Summary`; a non-finite number counts as absent.

    Raises:
        TypeError: a name that `Summary` has not, or a required one missing.
    """
    finite: dict[str, Any] = {k: None if _non_finite(v) else v for k, v in values.items()}
    summary = Summary(**finite)
    present = {k: v for k, v in asdict(summary).items() if v is not None}
    write_text(Path(path), json.dumps(present, indent=2, ensure_ascii=False) + '\n')
    return summary


def read_summary(path: Path | str) -> Summary:
    """Read what `write_summary` wrote; fields of a later version are ignored.

    Raises:
        RunFolderError: no such file, not JSON, or required fields missing.
    """
    path = Path(path)
    try:
        stored = json.loads(path.read_text(encoding='utf-8'))
    except FileNotFoundError:
        raise RunFolderError(
            f'{path} does not exist: the run has not ended, or this is not a run folder.'
        ) from None
    except (OSError, ValueError) as error:
        raise RunFolderError(f'{path} cannot be read: {error}') from error
    known = {f.name for f in fields(Summary)}
    try:
        return Summary(**{k: v for k, v in stored.items() if k in known})
    except (TypeError, AttributeError) as error:
        raise RunFolderError(f'{path} is not the summary of a run: {error}') from error


def _non_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
