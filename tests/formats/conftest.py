"""Collections for the writers."""

import pytest
from hypothesis import strategies as st

from mmholdout.formats.records import FLAGS, Collection, Picture, Thing


def make(*things, width=64, height=48, name='a.jpg', split='train'):
    return Collection(('cat', 'dog'), {split: [Picture(name, width, height, tuple(things))]})


@st.composite
def boxes(draw, width, height, whole):
    """A box of at least two pixels inside the image."""
    side = st.integers if whole else st.floats
    x1, y1 = draw(side(0, width - 2)), draw(side(0, height - 2))
    x2, y2 = draw(side(x1 + 2, width)), draw(side(y1 + 2, height))
    return float(x1), float(y1), float(x2), float(y2)


@st.composite
def pictures(draw, whole=True):
    width, height = draw(st.integers(2, 5000)), draw(st.integers(2, 5000))
    marks = st.frozensets(st.sampled_from(FLAGS))
    one = st.builds(Thing, st.integers(0, 1), boxes(width, height, whole), marks)
    return Picture('a.jpg', width, height, tuple(draw(st.lists(one, max_size=4))))


class Made:
    collection = staticmethod(make)
    pictures = staticmethod(pictures)
    boxes = staticmethod(boxes)
    thing = staticmethod(lambda *box, label=0, marks=(): Thing(label, box, frozenset(marks)))


@pytest.fixture(scope='session')
def made():
    return Made
