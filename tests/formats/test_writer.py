import pytest

from mmholdout.formats.writer import Writer, number


class Plain(Writer):
    keeps = frozenset({'crowd'})

    def image_place(self, split, name):
        return name

    def files(self, collection):
        yield from ()

    def rounding(self, collection):
        return ''

    def fate(self, mark):
        return ', gone' if mark == 'pose' else ''


def test_marks_that_are_lost_are_counted_flags_first(made):
    things = [made.thing(0, 0, 1, 1, marks=m) for m in ({'pose', 'crowd'}, {'pose', 'truncated'})]
    losses = Plain().losses(made.collection(*things))
    assert losses == ['truncated: 1 objects', 'pose: 2 objects, gone']


def test_a_box_is_read_as_it_is():
    assert Plain().read_as((1, 2, 3, 4)) == (1, 2, 3, 4)


@pytest.mark.parametrize(('value', 'text'), [(3.0, '3'), (3.5, '3.5'), (-0.0, '0')])
def test_numbers(value, text):
    assert str(number(value)) == text
