"""The table of classes is aligned whatever the classes are called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mmholdout.report.inert import width
from mmholdout.report.table import per_class_table

ROWS = [
    {'class': 'dog', 'gts': 120, 'dets': 1403, 'AP': 0.8125, 'precision': 0.9, 'recall': 0.75},
    {'class': 'traffic light', 'gts': 7, 'dets': 0, 'AP': 0.0, 'recall': 0.0},
    {'class': 'cat', 'gts': 0, 'dets': 12, 'AP': None},
]


def test_the_table():
    assert per_class_table(ROWS) == (
        'class          gts  dets     AP  precision  recall\n'
        '-------------  ---  ----  -----  ---------  ------\n'
        'dog            120  1403  0.812      0.900   0.750\n'
        'traffic light    7     0  0.000              0.000\n'
        'cat              0    12'
    )


def test_a_column_that_all_lack_is_left_out():
    table = per_class_table([{'class': 'dog', 'gts': 1, 'AP': 0.5}])
    assert table.splitlines()[0].split() == ['class', 'gts', 'AP']


def test_no_rows_no_table():
    assert per_class_table([]) == ''


def test_hostile_names_take_one_visible_line_each():
    rows = [{'class': name, 'AP': 0.5} for name in ('\x1b[2Jdog', 'a\nb', '\u202egod', 'x' * 500)]
    lines = per_class_table(rows).split('\n')
    assert len(lines) == 2 + len(rows)
    assert lines[2].startswith(r'\x1b[2Jdog')
    assert max(map(len, lines)) < 60


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=60), min_size=1, max_size=5))
def test_columns_stay_aligned(names):
    table = per_class_table([{'class': name, 'AP': 0.5} for name in names])
    lines = table.split('\n')
    assert len(lines) == 2 + len(names)
    assert {width(line) for line in lines} == {width(lines[1])}
