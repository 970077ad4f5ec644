"""`refit`: what validation chose, once more on train and val together."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from mmholdout.config.load import Loaded
from mmholdout.config.origin import Origins
from mmholdout.errors import RunFolderError
from mmholdout.runner.refit_plan import plan_refit
from mmholdout.runner.run_folder import RunFolder
from mmholdout.runner.train import run_loaded


def refit(
    work_dir: str,
    *,
    out: str | None = None,
    resume: str | None = None,
    device: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Train on train and val with the epochs and rates of a finished run; no validation.

    Args:
        work_dir: folder of the finished run; it stays as it is.
        out: the run folder of the refit; by default `<work_dir>_refit`, beside it, so that both
            have one test ledger.
        resume: see `train`.
        device: see `train`.
        dry_run: stop after the checks and the plan.

    Raises:
        UserError: the run cannot be repeated, or what `train` refuses.
        Interrupted: see `train`.
    """
    origin = Path(work_dir)
    folder = RunFolder(out or origin.resolve().with_name(f'{origin.resolve().name}_refit'))
    if folder.path.resolve() == origin.resolve():
        raise RunFolderError(f'{folder.path} is the run itself; give the refit its own --work-dir')
    if out is None:
        folder = RunFolder(_shortened(folder.path))
    cfg, notices = plan_refit(work_dir)
    cfg.pop('work_dir', None)  # of the other run
    words = ['python', 'tools/refit.py', work_dir, '--work-dir', str(folder.path)]
    words += [] if device is None else ['--device', device]
    return run_loaded(
        Loaded(cfg, Origins()),
        config=str(origin / 'config.py'),
        folder=folder,
        resume_command=shlex.join([*words, '--resume']),
        resume=resume,
        device=device,
        dry_run=dry_run,
        notices=notices,
    )


def _shortened(path: Path) -> Path:
    """Relative to the current folder where it lies below it, as people write it."""
    here = Path.cwd().resolve()
    return path.relative_to(here) if path.is_relative_to(here) else path
