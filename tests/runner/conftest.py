"""A run that is to be verified, one check at a time."""

import pytest


@pytest.fixture
def subject(tested_run):
    from mmholdout.report.verification import Verification
    from mmholdout.runner.verify_subject import Subject

    return Subject(tested_run, Verification(), data_root=str(tested_run.parents[1] / 'data'))
