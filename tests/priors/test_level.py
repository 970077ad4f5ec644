import numpy as np
import pytest


@pytest.mark.parametrize('name', ['ssd', 'ssd300', 'yolo', 'retina', 'rpn'])
def test_a_level_with_its_own_sizes_is_itself(levels, name):
    for level in levels[name]:
        np.testing.assert_allclose(level.with_sizes(level.sizes).base, level.base, atol=1e-5)


def test_other_sizes_keep_the_centre_of_the_first_cell(levels):
    level = levels['ssd'][2].with_sizes(np.array([[4.0, 10.0]]))
    np.testing.assert_allclose(level.base, [[14.5, 11.5, 18.5, 21.5]])
    assert level.stride == (33.0, 33.0)
