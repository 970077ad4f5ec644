import numpy as np

from mmholdout.sample.clutter import cover, litter


def blank(height=60, width=80):
    return np.full((height, width, 3), 128, np.float32)


def test_litter_draws_something_sometimes_nothing():
    changed = []
    for seed in range(30):
        image = blank()
        litter(np.random.default_rng(seed), image)
        assert np.isfinite(image).all()
        changed.append((image != 128).any())
    assert 15 < sum(changed) < 30


def test_cover_takes_the_pixels_it_paints_from_their_owner():
    hidden = []
    for seed in range(20):
        image = blank()
        owner = np.full(image.shape[:2], -1, np.int16)
        owner[20:40, 30:50] = 0
        cover(np.random.default_rng(seed), image, owner, 0)
        painted = (image != 128).any(axis=2)
        assert (owner[painted] == -1).all()
        assert (owner[~painted][:] == 0).sum() == (owner == 0).sum()
        hidden.append(1 - (owner == 0).sum() / 400)
    assert max(hidden) > 0.2
    assert sum(share > 0 for share in hidden) >= 15


def test_nothing_is_laid_upon_a_part_that_is_not_seen(rng):
    image, owner = blank(), np.full((60, 80), -1, np.int16)
    cover(rng, image, owner, 0)
    assert (image == 128).all()
