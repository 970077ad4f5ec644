"""`--resume`: which saved state a run goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.errors import CheckpointError
from mmholdout.history.jsonl import History
from mmholdout.runner.checkpoint import read_checkpoint, require_full, write_checkpoint
from mmholdout.runner.run_folder import RunFolder


@dataclass(frozen=True)
class Resumed:
    """What a run begins with.

    Attributes:
        content: a full checkpoint, None for a new run.
        notices: what to tell the user about the choice.
        source: its file; None for a new run.
    """

    content: dict[str, Any] | None = None
    notices: tuple[str, ...] = ()
    source: Path | None = None


def state_to_resume(folder: RunFolder, resume: str | None) -> Resumed:
    """The state that `--resume` asks for.

    Args:
        folder: of the run.
        resume: None, 'last' (there must be one), 'auto' (if there is a run) or a path.

    Raises:
        CheckpointError: none is there, or none can be read. A run is never begun anew because
            its checkpoints are damaged.
    """
    if resume is None:
        return Resumed()
    if resume not in ('last', 'auto'):
        path = Path(resume)
        content = read_checkpoint(path)
        require_full(content, path)
        return Resumed(content, source=path)
    if resume == 'auto' and not folder.holds_run():
        return Resumed(notices=(f'--resume auto: {folder.path} holds no run, so a new one begins',))
    return _newest(folder)


def take_over(folder: RunFolder, resumed: Resumed) -> None:
    """Make last.pth hold the state that the run goes on from, before anything else changes.

    Else a run that dies before its next save would be resumed from another state than the one
    to which its history has been cut; and a damaged last.pth would take the place of the last
    good one.
    """
    if resumed.content is None or resumed.source is None or _same(resumed.source, folder.last):
        return
    asked_for = not _same(resumed.source, folder.last_prev)
    write_checkpoint(folder.last, resumed.content, previous=folder.last_prev if asked_for else None)


def _newest(folder: RunFolder) -> Resumed:
    last, previous = folder.last, folder.last_prev
    if not last.is_file() and not previous.is_file():
        raise CheckpointError(
            f'there is nothing to resume: neither {last} nor {previous.name} exists'
        )
    problems: list[str] = []
    for path in (last, previous):
        try:
            content = read_checkpoint(path)
            require_full(content, path)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        said = [f'warning: {text}. {_fallen_back(folder, content, path)}' for text in problems]
        return Resumed(content, tuple(said), path)
    raise CheckpointError(
        [*problems, f'no state of this run can be read; nothing in {folder.path} was changed']
    )


def _fallen_back(folder: RunFolder, content: dict[str, Any], path: Path) -> str:
    meta = content['meta']
    return (
        f'Going on from {path.name} (epoch {meta["epoch"]}, iteration {meta["iter"]}): '
        f'{_lost(folder, content)} lost and done again'
    )


def _lost(folder: RunFolder, content: dict[str, Any]) -> str:
    """By the rows of history that the state does not know of."""
    known = content['run_state'].get('hook.RecordHook', {}).get('num_rows', 0)
    try:
        epochs = sorted({int(row['epoch']) for row in History(folder.history).rows[known:]})
    except (CheckpointError, KeyError):  # it is said when the history is used
        epochs = []
    if not epochs:
        return 'what was trained after it is'
    if len(epochs) == 1:
        return f'epoch {epochs[0]} is'
    return f'epochs {epochs[0]} to {epochs[-1]} are'


def _same(a: Path, b: Path) -> bool:
    return a.resolve() == b.resolve()
