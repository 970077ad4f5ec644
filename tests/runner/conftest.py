"""A run that is to be verified, one check at a time."""

import pytest


@pytest.fixture
def subject(tested_run):
    from mmholdout.report.verification import Verification
    from mmholdout.runner.verify_subject import Subject

    return Subject(tested_run, Verification(), data_root=str(tested_run.parents[1] / 'data'))


STEERED = """
train_cfg = dict(max_epochs=5)
schedule = dict(_delete_=True, type='cosine', warmup=dict(iters=3))
evaluation = dict(save_best='loss')
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', patience=0, min_delta=0.9, factor=0.5),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=2, min_delta=0.9),
]
"""


@pytest.fixture
def finished_run(copied_run):
    """A copy of a run whose rate is cut after epochs 2 and 3, and which stops after epoch 4 of 5.

    Its loss falls, so that epoch 4 is the best.
    """
    return copied_run(STEERED, 'finished')


@pytest.fixture(scope='session')
def _kept_refit():
    return {}


@pytest.fixture
def refit_run(finished_run, tmp_path, tmp_path_factory, _kept_runs, _kept_refit):
    """A copy of the folder of the refit of that run; trained once."""
    import shutil

    from mmholdout.runner.refit import refit

    if not _kept_refit:
        folder = tmp_path_factory.mktemp('refit') / 'run_refit'
        refit(str(_kept_runs[STEERED]), out=str(folder), device='cpu')
        _kept_refit['folder'] = folder
    return shutil.copytree(_kept_refit['folder'], tmp_path / 'refit')
