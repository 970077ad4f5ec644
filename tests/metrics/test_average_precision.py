from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.metrics.average_precision import AP_MODES, average_precision


@pytest.mark.parametrize(
    ('recall', 'precision', 'area', 'eleven'),
    [
        ([], [], 0.0, 0.0),
        ([0.0], [0.0], 0.0, 0.0),
        ([1.0], [1.0], 1.0, 1.0),
        ([0.5], [1.0], 0.5, 6 / 11),
        ([0.5, 0.5, 1.0], [1.0, 0.5, 2 / 3], 0.5 + 0.5 * 2 / 3, (6 + 5 * 2 / 3) / 11),
        ([0.0, 1.0], [0.0, 0.5], 0.5, 0.5),  # a wrong one first
        ([0.25, 0.5], [0.5, 1.0], 0.5, 6 / 11),  # the envelope lifts the first point
        ([0.3], [1.0], 0.3, 3 / 11),  # 0.3 < 3 * 0.1 in floats, as everywhere
    ],
)
def test_known_curves(recall, precision, area, eleven) -> None:
    curve = np.array(recall), np.array(precision)
    assert average_precision(*curve, 'area') == pytest.approx(area, abs=1e-7)
    assert average_precision(*curve, '11points') == pytest.approx(eleven, abs=1e-7)


@given(
    st.lists(st.sampled_from([0, 1]), max_size=60), st.integers(1, 40), st.sampled_from(AP_MODES)
)
def test_equals_mmdet(mean_ap_module, hits, extra_objects, mode) -> None:
    true = np.cumsum(np.array(hits, dtype=np.float32))
    recall = true / np.float64(sum(hits) + extra_objects)
    precision = true / np.arange(1, len(hits) + 1, dtype=np.float32)
    expected = mean_ap_module.average_precision(recall, precision, mode)
    assert average_precision(recall, precision, mode) == float(expected)


def test_unknown_mode() -> None:
    with pytest.raises(ConfigError, match='11points'):
        average_precision(np.ones(1), np.ones(1), '101points')
