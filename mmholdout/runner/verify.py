"""`verify_run`: a run checked by what it has on record, the ledger and the data."""

from __future__ import annotations

from pathlib import Path

from mmholdout.errors import RunFolderError
from mmholdout.history.run_digests import NAME, files_of_run
from mmholdout.report.verification import Verification
from mmholdout.runner.verify_data import verify_annotations, verify_splits
from mmholdout.runner.verify_files import verify_checkpoints, verify_files
from mmholdout.runner.verify_metrics import verify_val_metrics
from mmholdout.runner.verify_refit import verify_refit
from mmholdout.runner.verify_steering import verify_steering
from mmholdout.runner.verify_subject import Subject
from mmholdout.runner.verify_test import verify_test


def verify_run(
    work_dir: str, *, data_root: str | None = None, config: str | None = None
) -> Verification:
    """Make every check that can be made; nothing is written, no model is run.

    What depends on a file that was changed is not checked again: the change has been found.
    Labels of the test split are read only where it has been tested.

    Args:
        work_dir: a run folder.
        data_root: where the data are now; by default where the config says.
        config: used in place of the config in the folder.

    Raises:
        RunFolderError: there is no run.
    """
    folder = Path(work_dir)
    if not files_of_run(folder) and not (folder / NAME).exists():
        raise RunFolderError(f'{folder} holds no run: none of the files is there that a run writes')
    subject = Subject(folder, Verification(), data_root, config)
    verify_files(subject)
    verify_checkpoints(subject)
    verify_splits(subject)
    verify_annotations(subject)
    if not verify_refit(subject):
        verify_steering(subject)
        verify_val_metrics(subject)
    verify_test(subject)
    return subject.found
