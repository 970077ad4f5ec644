"""What goes wrong, in tables that stay readable."""

from __future__ import annotations

from mmholdout.report.error_tables import (
    class_threshold_table,
    confusion_table,
    error_type_table,
    size_table,
)


def test_types_of_errors():
    lines = error_type_table(
        {'cls': 'wrong class', 'miss': 'not found'}, {'cls': 3}, {'cls': 0.00004}
    ).splitlines()
    assert lines[0].split() == ['type', 'meaning', 'errors', 'AP', 'lost']
    assert lines[2].split() == ['cls', 'wrong', 'class', '3', '0.00004']
    assert lines[3].split() == ['miss', 'not', 'found', '0', '-']


def test_matrix():
    lines = confusion_table([[5, 1, 2], [0, 4, 0], [3, 0, 0]], ['a\x1b[31m', 'nut']).splitlines()
    assert lines[0].split() == ['true', '\\', 'detected', r'a\x1b[31m', 'nut', 'background']
    assert lines[2].split() == [r'a\x1b[31m', '5', '1', '2']
    assert lines[4].split() == ['background', '3', '0', '-']


def test_many_classes_are_listed_by_frequency():
    classes = [f'c{number}' for number in range(13)]
    counts = [[0] * 14 for _ in range(14)]
    for number in range(12):
        counts[number][number + 1] = number + 1
    counts[5][5] = 99  # right, and so no confusion
    lines = confusion_table(counts, classes).splitlines()
    assert lines[2].split() == ['c11', 'c12', '12']
    assert lines[11].split() == ['c2', 'c3', '3']
    assert lines[12] == 'and 2 other pairs'
    assert len(lines) == 13
    counts[12][13] = 12
    assert confusion_table(counts, classes).splitlines()[3].split() == ['c12', 'background', '12']
    right = [[7 * (row == column) for column in range(14)] for row in range(14)]
    assert len(confusion_table(right, classes).splitlines()) == 2


def test_sizes():
    lines = size_table([('0-16', 0, None, None), ('16+', 3, 0.5, 1.0)]).splitlines()
    assert lines[2].split() == ['0-16', '0', '-', '-']
    assert lines[3].split() == ['16+', '3', '0.500', '1.000']


def test_thresholds_of_classes():
    lines = class_threshold_table([('a\x1b[31m', 0.25, 1.0, 0.5, 2 / 3)]).splitlines()
    assert lines[0].split() == ['class', 'score', 'precision', 'recall', 'F1']
    assert lines[2].split() == [r'a\x1b[31m', '0.250', '1.000', '0.500', '0.667']
