from __future__ import annotations

import pytest

from mmholdout.config import registries
from mmholdout.config.signatures import signature_of
from mmholdout.config.source_index import Place, registered_in
from mmholdout.config.source_signature import read_signature


def test_reading_and_importing_agree_on_everything_that_mmdet_registers():
    compared, unreadable, different = 0, [], []
    for registry, homes in registries.HOMES.items():
        for home in homes:
            registries.known((registry,))
            package = home.partition('.')[0]
            for (kind, name), place in registered_in(home).items():
                things = [
                    node.module_dict[name]
                    for node in registries.family(registry)
                    if name in node.module_dict
                ]
                things = [t for t in things if t.__module__.partition('.')[0] == package]
                if kind != registry or not things:
                    continue
                read, imported = read_signature(place), signature_of(things[0])
                compared += 1
                if read is None:
                    unreadable.append(name)
                elif (read.keywords, read.open) != (imported.keywords, imported.open):
                    different.append((home, name))
    assert different == []
    assert compared > 500
    assert len(unreadable) < 15


def test_defaults_are_read():
    place = registered_in('mmdet.models')['MODELS', 'SSDHead']
    assert read_signature(place).defaults['num_classes'] == 80


SOURCE = """
from .package import Root as Base
from nowhere_at_all import Lost

class Pops(Base):
    def __init__(self, *, d=4, **kwargs):
        self.e = kwargs.pop('e', None)
        super().__init__(**kwargs)

class Silent(Pops): pass

class Keeps(Base):
    def __init__(self, f, **kwargs):
        self.kwargs = kwargs

class Strays(Lost):
    pass

def function(x, y=[1]): pass
"""


@pytest.mark.parametrize(
    ('name', 'keywords', 'defaults', 'is_open'),
    [
        ('Pops', {'a', 'b', 'd', 'e'}, {'b': 2, 'd': 4}, False),
        ('Silent', {'a', 'b', 'd', 'e'}, {'b': 2, 'd': 4}, False),
        ('Keeps', {'f'}, {}, True),
        ('function', {'x', 'y'}, {'y': [1]}, False),
    ],
)
def test_bases_are_followed_through_packages(write, name, keywords, defaults, is_open):
    write('package/__init__.py', 'from .deep import Root')
    write('package/deep.py', 'class Root:\n    def __init__(self, a, b=2): ...')
    signature = read_signature(Place(write('things.py', SOURCE), name))
    assert (signature.keywords, signature.defaults) == (keywords, defaults)
    assert signature.open is is_open


def test_what_reading_does_not_settle_is_none(write):
    file = write('things.py', SOURCE)
    assert read_signature(Place(file, 'Strays')) is None
    assert read_signature(Place(file, 'NotThere')) is None
