from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.bootstrap import Draws


def all_of(draws: Draws, width: int) -> np.ndarray:
    return np.concatenate(list(draws.blocks(width)), axis=1)


def test_each_replicate_draws_as_many_images_as_there_are() -> None:
    counts = all_of(Draws(7, 50), 8)
    assert counts.shape == (7, 50)
    assert counts.dtype == np.uint16
    assert (counts.sum(axis=0) == 7).all()


@pytest.mark.guarantee
@pytest.mark.parametrize('images', [1, 3, 50])
def test_the_draws_are_those_of_a_plain_bootstrap_whatever_the_blocks(images) -> None:
    draws = Draws(images, 21, seed=5)
    drawn = np.random.default_rng(5).integers(0, images, (21, images))
    expected = np.stack([np.bincount(row, minlength=images) for row in drawn], axis=1)
    for width in (1, 4, 20, 21, 100):
        np.testing.assert_array_equal(all_of(draws, width), expected)


def test_they_are_the_same_every_time_and_others_with_another_seed() -> None:
    first = all_of(Draws(20, 10, seed=1), 4)
    np.testing.assert_array_equal(first, all_of(Draws(20, 10, seed=1), 4))
    assert (first != all_of(Draws(20, 10, seed=2), 4)).any()


def test_every_image_is_drawn_about_once() -> None:
    counts = all_of(Draws(40, 2000), 500)
    assert np.abs(counts.mean(axis=1) - 1).max() < 0.1
    assert abs((counts == 0).mean() - (1 - 1 / 40) ** 40) < 0.01


@pytest.mark.parametrize(('images', 'replicates'), [(0, 5), (5, 0)])
def test_nothing_to_draw(images, replicates) -> None:
    with pytest.raises(ValueError, match='nothing can be drawn'):
        Draws(images, replicates)
