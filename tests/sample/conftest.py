import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope='session')
def scenes():
    """120 scenes, enough for shares to be near what is asked for."""
    from mmholdout.sample.scene import render

    return [render(np.random.default_rng([7, number])) for number in range(120)]


@pytest.fixture(scope='session')
def written(tmp_path_factory):
    """A finished set: 6 train, 3 val, 2 test; not to be changed."""
    from mmholdout.sample.write import write_sample

    folder = tmp_path_factory.mktemp('sample') / 'set'
    write_sample(folder, train=6, val=3, test=2)
    return folder
