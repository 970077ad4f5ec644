from __future__ import annotations

import pytest
import torch

from mmholdout.ops.precision import at_least_single


@pytest.mark.parametrize(
    ('given', 'computed'),
    [
        (torch.float16, torch.float32),
        (torch.bfloat16, torch.float32),
        (torch.float32, torch.float32),
        (torch.float64, torch.float64),
    ],
)
def test_only_half_precision_changes(given, computed):
    values = torch.tensor([0.5, 2.0], dtype=given)
    assert at_least_single(values).dtype == computed
    assert at_least_single(values).tolist() == [0.5, 2.0]
