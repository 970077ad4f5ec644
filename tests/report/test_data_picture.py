import cv2
import numpy as np
import pytest

from mmholdout.report.data_picture import draw_stats
from mmholdout.report.data_stats import SplitStats


def random_split(seed, images, objects, classes):
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 300, (objects, 2))
    return SplitStats(
        np.full((images, 2), 512.0),
        np.hstack([corners, corners + rng.uniform(2, 200, (objects, 2))]),
        rng.integers(0, classes, objects),
        rng.integers(0, images, objects) if images else np.zeros(0, np.int64),
        np.zeros(objects, np.bool_),
    )


def drawn(tmp_path, classes, **splits):
    path = tmp_path / 'stats.png'
    draw_stats([f'$c{n}_\x1b' for n in range(classes)], splits, path, title='a $ title')
    return cv2.imread(str(path))


def test_a_picture_of_three_splits(tmp_path):
    one, two = random_split(0, 50, 400, 3), random_split(1, 20, 90, 3)
    image = drawn(tmp_path, 3, train=one, val=two, test=two)
    assert image.shape == (1200, 1500, 3)
    colours = {tuple(int(v) for v in p) for p in image.reshape(-1, 3)[::7]}
    assert {(232, 115, 26), (10, 113, 232), (104, 99, 95)} <= colours  # BGR of each split


def test_many_classes_are_higher_and_the_rest_is_one_bar(tmp_path):
    image = drawn(tmp_path, 90, train=random_split(0, 9, 900, 90))
    assert image.shape[0] > 1200 and image.shape[1] == 1500


@pytest.mark.parametrize(('images', 'objects'), [(0, 0), (1, 0), (1, 1), (1, 5000)])
def test_sets_at_the_edge(tmp_path, images, objects):
    assert drawn(tmp_path, 1, train=random_split(0, images, objects, 1)) is not None


def test_the_users_style_changes_nothing(tmp_path):
    import matplotlib as mpl

    before = drawn(tmp_path, 2, train=random_split(0, 9, 90, 2))
    with mpl.rc_context({'figure.facecolor': 'black', 'text.usetex': True}):
        assert (drawn(tmp_path, 2, train=random_split(0, 9, 90, 2)) == before).all()
