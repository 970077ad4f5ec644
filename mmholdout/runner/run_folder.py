"""The files of a run, and the rule that no run overwrites another."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from mmholdout.errors import RunFolderError
from mmholdout.history.atomic import SPARE


class RunFolder:
    """Paths inside `work_dirs/<config stem>/`.

    Args:
        path: the folder; made when the run begins.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.begun = False  # whether this process may have changed something here
        self._lock: FileLock | None = None

    @property
    def name(self) -> str:
        """The folder's own name, for titles."""
        return self.path.resolve().name

    config = property(lambda self: self.path / 'config.py')
    history = property(lambda self: self.path / 'history.jsonl')
    checkpoints = property(lambda self: self.path / 'checkpoints')
    last = property(lambda self: self.checkpoints / 'last.pth')
    last_prev = property(lambda self: self.checkpoints / 'last.prev.pth')
    best = property(lambda self: self.checkpoints / 'best_model.pth')
    refit_model = property(lambda self: self.checkpoints / 'refit_model.pth')
    summary = property(lambda self: self.path / 'summary.json')
    splits = property(lambda self: self.path / 'splits.json')
    curves = property(lambda self: self.path / 'curves.png')
    log = property(lambda self: self.path / 'train.log')
    lock = property(lambda self: self.checkpoints / '.lock')

    def numbered(self, epoch: int) -> Path:
        """The path of a numbered checkpoint."""
        return self.checkpoints / f'epoch_{epoch}.pth'

    def holds_run(self) -> bool:
        """Whether a run has left anything here that a second one would mix with."""
        return any(p.exists() for p in (self.history, self.last, self.last_prev, self.best))

    def existing_part(self) -> Path:
        """The folder, or the nearest one above it that exists."""
        path = self.path.absolute()
        return next(p for p in (path, *path.parents) if p.is_dir())

    def check(self, *, resume: bool) -> None:
        """Refuse a folder that holds a run unless that run is to be resumed; makes nothing.

        Raises:
            RunFolderError: with both ways out.
        """
        for part in (self.path, *self.path.parents):
            if part.exists() and not part.is_dir():
                raise RunFolderError(
                    f'the run folder {self.path} cannot be made: {part} is a file; give another '
                    f'--work-dir'
                )
        if self.holds_run() and not resume:
            raise RunFolderError(
                f'{self.path} already holds a run. Continue it with --resume, or give this one '
                f'another folder with --work-dir'
            )
        above = self.existing_part()
        if not os.access(above, os.W_OK | os.X_OK):
            raise RunFolderError(
                f'the run folder {self.path} cannot be made: {above} is not writable'
            )

    def begin(self, *, resume: bool) -> None:
        """Make the folder, once everything else has been accepted, and keep others out of it.

        Checked once more: another process may have begun here in the meantime.

        Raises:
            RunFolderError: see `check`; or another process is running in it.
        """
        self.check(resume=resume)
        try:
            self.checkpoints.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            own = (
                self.path,
                self.checkpoints,
            )  # not below: folds of a config are runs of their own
            for torn in (p for folder in own for p in folder.glob('.*.tmp')):  # of a killed save
                if torn.name.endswith(SPARE) and not self.last_prev.exists():
                    torn.replace(self.last_prev)
                else:
                    torn.unlink()
        except OSError as error:
            raise RunFolderError(f'the run folder {self.path} cannot be made: {error}') from error
        self.begun = True

    def hold(self) -> None:
        """Keep others out of a folder that is there, before its state is read to be resumed.

        Raises:
            RunFolderError: another process is running in it, or nobody may write there.
        """
        if self.checkpoints.is_dir():
            try:
                self._take_lock()
            except OSError as error:
                raise RunFolderError(
                    f'the run in {self.path} cannot go on there: {error}'
                ) from error

    def _take_lock(self) -> None:
        """Held until `end`, or until the process dies, however it dies."""
        if self._lock is not None:
            return
        self._lock = FileLock(self.lock, timeout=0)
        try:
            self._lock.acquire()
        except Timeout as error:
            self._lock = None
            raise RunFolderError(
                f'another process is running in {self.path}. Wait for it or end it, or give this '
                'run another folder with --work-dir'
            ) from error

    def end(self) -> None:
        """Let others in."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def drop_numbered(self, keep: int) -> None:
        """Remove the oldest numbered checkpoints beyond `keep`."""
        files = sorted(
            self.checkpoints.glob('epoch_*.pth'), key=lambda p: int(p.stem.split('_')[1])
        )
        for old in files[:-keep]:
            old.unlink()
