import pytest
import torch

from mmholdout.loops.running_mean import RunningMean


def test_weighted_by_images():
    mean = RunningMean()
    mean.add({'loss': torch.tensor(1.0)}, 3)
    mean.add({'loss': torch.tensor(5.0)}, 1)
    assert mean.means() == {'loss': 2.0}


def test_empty_has_no_means():
    assert RunningMean().means() == {}


def test_reset_forgets():
    mean = RunningMean()
    mean.add({'loss': torch.tensor(1.0)}, 3)
    mean.reset()
    assert mean.means() == {}


def test_state_continues():
    whole, part = RunningMean(), RunningMean()
    for value in (1.0, 2.5):
        whole.add({'loss': torch.tensor(value)}, 2)
    part.add({'loss': torch.tensor(1.0)}, 2)
    rest = RunningMean()
    rest.load_state_dict(part.state_dict())
    rest.add({'loss': torch.tensor(2.5)}, 2)
    assert rest.means() == pytest.approx(whole.means(), abs=0)
