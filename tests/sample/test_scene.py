import numpy as np
import pytest

from mmholdout.sample import scene
from mmholdout.sample.parts import CLASSES
from mmholdout.sample.scene import EMPTY_SHARE, SCALES, SIZES, render


def test_a_scene_is_a_function_of_its_generator_alone():
    np.random.seed(1)
    first = render(np.random.default_rng([0, 1, 2]))
    np.random.seed(2)
    second = render(np.random.default_rng([0, 1, 2]))
    assert (first.image == second.image).all()
    assert first.parts == second.parts
    assert not np.array_equal(first.image, render(np.random.default_rng([0, 1, 3])).image)


def test_boxes_lie_in_the_image_and_have_an_area(scenes):
    for one in scenes:
        height, width = one.image.shape[:2]
        assert (width, height) in SIZES
        for part in one.parts:
            left, top, right, bottom = part.box
            assert 0 <= left < right <= width - 1, part
            assert 0 <= top < bottom <= height - 1, part
            # A turned part's box is at most the diagonal of its length and width.
            assert max(right - left, bottom - top) < 1.1 * SCALES[1]
            touches = left == 0 or top == 0 or right == width - 1 or bottom == height - 1
            assert part.truncated == touches


def test_the_set_has_what_real_sets_have(scenes):
    parts = [part for one in scenes for part in one.parts]
    names = [part.name for part in parts]
    for name in CLASSES:
        assert names.count(name) > 0.15 * len(names)
    empty = sum(not one.parts for one in scenes) / len(scenes)
    assert EMPTY_SHARE / 3 < empty < EMPTY_SHARE * 2.5
    difficult = sum(part.difficult for part in parts) / len(parts)
    assert 0.02 < difficult < 0.25
    assert max(len(one.parts) for one in scenes) == 6
    lengths = [max(p.box[2] - p.box[0], p.box[3] - p.box[1]) + 1 for p in parts]
    assert np.percentile(lengths, 5) < 25
    assert np.percentile(lengths, 95) > 55
    assert len({one.image.shape for one in scenes}) == len(SIZES)


@pytest.fixture
def bare(monkeypatch):
    """Scenes of parts alone: on flat grey, without litter, shadows, covers and camera."""
    monkeypatch.setattr(scene, 'background', lambda rng, h, w: np.full((h, w, 3), 128, np.float32))
    monkeypatch.setattr(scene, 'photograph', lambda rng, image: image)
    for name in ('litter', '_shadow', 'cover'):
        monkeypatch.setattr(scene, name, lambda *_: None)


def test_what_is_drawn_is_where_the_boxes_say(bare):
    for seed in range(40):
        drawn = render(np.random.default_rng(seed))
        painted = np.abs(drawn.image - 128).max(axis=2) > 6
        inside = np.zeros_like(painted)
        for left, top, right, bottom in (part.box for part in drawn.parts):
            assert painted[top : bottom + 1, left : right + 1].mean() > 0.1
            inside[max(0, top - 2) : bottom + 3, max(0, left - 2) : right + 3] = True
        assert not (painted & ~inside).any()


def test_the_picture_of_a_seed_is_pinned():
    """Another outcome is allowed only together with another VERSION in manifest.py."""
    found = render(np.random.default_rng([0, 0, 1]))
    pinned = [
        ('nut', (86, 116, 112, 145)),
        ('battery', (29, 71, 59, 122)),
        ('nut', (18, 51, 50, 87)),
        ('battery', (11, 98, 84, 159)),
        ('screw', (60, 109, 111, 155)),
        ('battery', (29, 8, 80, 71)),
    ]
    assert found.image.shape == (160, 120, 3)
    assert [part.name for part in found.parts] == [name for name, _ in pinned]
    # One pixel of grace: processors round a blur differently.
    boxes = np.array([part.box for part in found.parts])
    assert np.abs(boxes - np.array([box for _, box in pinned])).max() <= 1
