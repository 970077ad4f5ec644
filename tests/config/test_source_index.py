from __future__ import annotations

import sys

import pytest

from mmholdout.config.source_index import module_file, registered_in


@pytest.fixture
def package(write, monkeypatch):
    write('indexed_package/__init__.py', 'raise RuntimeError("must not be imported")')
    write('outer_package/__init__.py', '')
    write('outer_package/inner/__init__.py', 'raise RuntimeError("must not be imported")')
    path = write(
        'outer_package/inner/things.py',
        """
        @MODELS.register_module()
        class Plain: ...

        @HOOKS.register_module(name=['One', 'Two'], force=True)
        @other
        class Named: ...

        @TRANSFORMS.register_module('Third')
        def function(): ...

        class NotRegistered: ...
        """,
    )
    monkeypatch.setattr(sys, 'path', [str(path.parents[2]), *sys.path])
    return 'outer_package.inner'


def test_names_are_found_without_an_import(package):
    found = {key: place.name for key, place in registered_in(package).items()}
    assert found == {
        ('MODELS', 'Plain'): 'Plain',
        ('HOOKS', 'One'): 'Named',
        ('HOOKS', 'Two'): 'Named',
        ('TRANSFORMS', 'Third'): 'function',
    }


def test_packages_that_are_not_there():
    assert registered_in('no_such_package_at_all') == {}
    assert module_file('no_such_package_at_all.inner') is None
    assert module_file('math') is None  # no source
    assert module_file('json').name == '__init__.py'
