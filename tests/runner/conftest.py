"""A run that is to be verified, one check at a time."""

import pytest


@pytest.fixture
def subject(tested_run):
    from mmholdout.report.verification import Verification
    from mmholdout.runner.verify_subject import Subject

    return Subject(tested_run, Verification(), data_root=str(tested_run.parents[1] / 'data'))


EVALUATED = """
val_evaluator = [dict(type='VOCMetric'), dict(type='CountedMetric')]
test_evaluator = dict(type='VOCMetric')
"""
STEERED = (
    EVALUATED
    + """
train_cfg = dict(max_epochs=5)
schedule = dict(_delete_=True, type='cosine', warmup=dict(iters=3))
evaluation = dict(interval=1, train_eval=0, save_best='rises')
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='falls', patience=0, factor=0.5),
    dict(type='EarlyStoppingHook', monitor='falls', patience=2),
]
"""
)


class CountedMetric:
    """What the model is plays no part: `rises` and `falls` by 0.1 a validation."""

    def __init__(self):
        self.passes = 0

    @staticmethod
    def declared_keys(classes=(), iou_thr=0.5):
        return {'rises': 'max', 'falls': 'max'}

    def begin(self, dataset, score_thr=None):
        self.passes += 1

    def process(self, data_batch, data_samples):
        pass

    def compute(self):
        return {'rises': self.passes / 10, 'falls': 1 - self.passes / 10}


@pytest.fixture
def evaluated():
    """Words of a config whose validations come out as wanted, see CountedMetric."""
    from mmholdout.registry import METRICS

    METRICS.register_module(module=CountedMetric, force=True)
    return EVALUATED


@pytest.fixture
def finished_run(copied_run, evaluated):
    """A copy of a run whose rate is cut after epochs 2, 3, 4, and which stops after 4 of 5.

    Epoch 4 is the best.
    """
    return copied_run(STEERED, 'finished')


@pytest.fixture(scope='session')
def _kept_refit():
    return {}


@pytest.fixture
def refit_origin(refit_run, _kept_runs):
    """The folder of the run that `refit_run` repeats."""
    return _kept_runs[STEERED]


@pytest.fixture
def refit_run(finished_run, small_sample, tmp_path, tmp_path_factory, _kept_runs, _kept_refit):
    """A copy of the folder of the refit of that run; trained once, while test had no labels."""
    import shutil

    from mmholdout.runner.refit import refit

    if not _kept_refit:
        folder = tmp_path_factory.mktemp('refit') / 'run_refit'
        ids = (small_sample / 'ImageSets/Main/test.txt').read_text().split()
        labels = [small_sample / f'Annotations/{i}.xml' for i in ids]
        texts = [path.read_bytes() for path in labels]
        try:
            for path in labels:
                path.unlink()
            refit(str(_kept_runs[STEERED]), out=str(folder), device='cpu')
        finally:
            for path, text in zip(labels, texts):
                path.write_bytes(text)
        _kept_refit['folder'] = folder
    return shutil.copytree(_kept_refit['folder'], tmp_path / 'refit')
