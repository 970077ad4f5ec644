import numpy as np
import pytest

from mmholdout.report.data_stats import SplitStats, stats_text


def split(bboxes, labels=None, owners=None, sizes=((100, 50),)):
    count = len(bboxes)
    return SplitStats(
        np.array(sizes, np.float64).reshape(-1, 2),
        np.array(bboxes, np.float64).reshape(-1, 4),
        np.array(labels or [0] * count, np.int64),
        np.array(owners or [0] * count, np.int64),
        np.zeros(count, np.bool_),
    )


def test_numbers():
    one = split([(0, 0, 40, 10), (0, 0, 50, 50)], owners=[0, 2], sizes=[(100, 50)] * 3)
    assert one.sides == pytest.approx([20, 50]) and one.ratios == pytest.approx([4, 1])
    assert list(one.per_image) == [1, 0, 1] and one.shares == pytest.approx([0.08, 0.5])


def test_tables():
    one = split([(0, 0, 40, 10), (0, 0, 50, 50), (0, 0, 96, 96)], [0, 1, 1], sizes=[(100, 100)])
    text = stats_text(('cat', 'a\x1b[31m'), {'train': one, 'val': split([])})
    rows = [line.split() for line in text.splitlines()]
    for row in (
        ['objects', 'train', 'val'],
        ['cat', '1', '0'],
        ['a\\x1b[31m', '2', '0'],
        ['all', '3', '0'],
        ['images', '1', '1'],
        ['images', 'without', 'objects', '0', '1'],
        ['small', '(below', '32', 'px)', '1', '0'],
        ['medium', '(32', 'to', '96', 'px)', '1', '0'],
        ['large', '(from', '96', 'px)', '1', '0'],
        ['width', ':', 'height', '1', '/', '1', '/', '3.7', '-'],
        ['height', 'of', 'an', 'image,', 'px', '100', '50'],
    ):
        assert row in rows, row


def test_no_split_has_anything():
    assert 'objects' in stats_text(('cat',), {'train': split([], sizes=[])})
