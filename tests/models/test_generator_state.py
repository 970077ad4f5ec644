import copy
import random

import numpy as np
import pytest
import torch

from mmholdout.models.generator_state import GENERATORS, generator_state, set_generator_state


def copied_state(generator):
    return copy.deepcopy(generator_state(generator))  # files: tests/models/test_plain_form.py


@pytest.mark.parametrize(
    ('make', 'draw'),
    [
        (lambda: random.Random(3), lambda g: g.random()),
        (lambda: np.random.RandomState(3), lambda g: g.rand()),
        (lambda: np.random.default_rng(3), lambda g: g.random()),
        (lambda: torch.Generator().manual_seed(3), lambda g: torch.rand(1, generator=g).item()),
    ],
)
def test_a_generator_goes_on_where_it_was(make, draw):
    generator = make()
    draw(generator)
    state = copied_state(generator)
    expected = [draw(generator) for _ in range(3)]
    other = make()
    set_generator_state(other, state)
    assert [draw(other) for _ in range(3)] == expected


def test_all_kinds_are_tried():
    assert len(GENERATORS) == 4
