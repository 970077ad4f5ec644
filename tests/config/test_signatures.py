from __future__ import annotations

import ast

import pytest

from mmholdout.config.signatures import handed_on, signature_of


class Root:
    def __init__(self, a, b=2):
        pass


class Passes(Root):
    def __init__(self, c, **kwargs):
        super().__init__(**kwargs)


class Silent(Passes):
    pass


class Pops(Root):
    def __init__(self, **kwargs):
        self.d = kwargs.pop('d', None)
        super().__init__(**kwargs)


class Keeps(Root):
    def __init__(self, e, **kwargs):
        super().__init__(1)
        self.rest = kwargs


class Empty:
    pass


def function(x, *, y=1):
    pass


@pytest.mark.parametrize(
    ('thing', 'keywords', 'is_open'),
    [
        (Root, {'a', 'b'}, False),
        (Passes, {'a', 'b', 'c'}, False),
        (Silent, {'a', 'b', 'c'}, False),
        (Pops, {'a', 'b', 'd'}, False),
        (Keeps, {'e'}, True),
        (Empty, set(), False),
        (function, {'x', 'y'}, False),
    ],
)
def test_keywords_along_the_mro(thing, keywords, is_open):
    signature = signature_of(thing)
    assert signature.keywords == keywords
    assert signature.open is is_open
    assert signature.name == thing.__name__


def test_defaults():
    assert signature_of(Passes).defaults == {'b': 2}


def test_handed_on_by_the_old_spelling_too():
    tree = ast.parse('def __init__(self, **kw):\n    Base.__init__(self, **kw)')
    assert handed_on(tree, 'kw', 'Mine') == set()
    assert handed_on(tree, 'other', 'Mine') is None


def test_a_super_that_skips_a_class_is_not_followed():
    tree = ast.parse('def __init__(self, **kw):\n    super(Mine, self).__init__(**kw)')
    assert handed_on(tree, 'kw', 'Mine') == set()
    assert handed_on(tree, 'kw', 'Child') is None
