from __future__ import annotations

import pytest

from mmholdout.monitor.wording import validations


@pytest.mark.parametrize(
    ('count', 'epochs', 'text'),
    [
        (4, 12, '4 validations = 12 epochs'),
        (1, 1, '1 validation = 1 epoch'),
        (3, 1, '3 validations = 1 epoch'),
        (2, 0, '2 validations'),
    ],
)
def test_validations(count, epochs, text):
    assert validations(count, epochs) == text
