from __future__ import annotations

import pytest

from mmholdout.config.amp import use_amp
from mmholdout.errors import ConfigError


@pytest.mark.parametrize('kind', [{}, {'type': 'OptimWrapper'}, {'type': 'AmpOptimWrapper'}])
def test_the_wrapper_is_replaced_and_the_rest_stays(kind):
    cfg = {'optim_wrapper': {**kind, 'accumulative_counts': 4}}
    use_amp(cfg)
    assert cfg['optim_wrapper'] == {'type': 'AmpOptimWrapper', 'accumulative_counts': 4}


def test_a_wrapper_of_the_users_own_is_not_replaced():
    with pytest.raises(ConfigError, match='MyOptimWrapper'):
        use_amp({'optim_wrapper': {'type': 'MyOptimWrapper'}})


@pytest.mark.parametrize('cfg', [{}, {'optim_wrapper': 3}])
def test_what_is_wrong_is_left_to_the_check(cfg):
    before = dict(cfg)
    use_amp(cfg)
    assert cfg == before
