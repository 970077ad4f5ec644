import io
import random

import numpy as np
import torch

from mmholdout.runner.random_state import RandomState


def draws():
    return random.gauss(0, 1), np.random.randn(), torch.randn(2).tolist()


def test_round_trip_through_a_weights_only_file():
    random.gauss(0, 1), np.random.randn()  # leaves half a pair cached in both generators
    file = io.BytesIO()
    torch.save(RandomState().state_dict(), file)
    expected = draws()
    file.seek(0)
    RandomState().load_state_dict(torch.load(file, weights_only=True))
    assert draws() == expected
