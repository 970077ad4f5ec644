from __future__ import annotations

from mmholdout.config.chain import read_chain
from mmholdout.config.variables import names_read


def test_every_way_of_reading_a_name(write):
    write('base.py', 'size = 1\nmean = 2\nroot = 3\nunread = 4\nown = 5\nlist_ = [own]')
    text = "_base_ = './base.py'\na = _base_.size\nb = '{{_base_.mean}}'\nc = {{_base_.root}}\n"
    read = names_read(read_chain(write('child.py', text)))
    assert {'size', 'mean', 'root', 'own'} <= read
    assert not {'unread', 'a', 'b', 'list_'} & read
