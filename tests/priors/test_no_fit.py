import pytest

from mmholdout.errors import ConfigError
from mmholdout.priors.no_fit import NoFitError


def test_it_is_a_config_error_that_says_its_reason():
    with pytest.raises(ConfigError, match=r'^not applicable: why$') as caught:
        raise NoFitError('not applicable: why')
    assert caught.value.exit_code == 2
