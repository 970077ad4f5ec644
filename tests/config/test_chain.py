from __future__ import annotations

import pytest

from mmholdout.config.chain import read_chain
from mmholdout.errors import ConfigError


def test_bases_come_first_in_the_order_of_the_merge(write):
    write('a.py', 'x = 1')
    write('b.py', "_base_ = './a.py'")
    write('c.py', 'y = 1')
    path = write('d.py', "_base_ = ['./b.py', './c.py']")
    assert [f.path.name for f in read_chain(path)] == ['a.py', 'b.py', 'c.py', 'd.py']


def test_a_missing_base_names_the_file_that_asked(write):
    write('middle.py', "x = 1\n_base_ = ['./gone.py']")
    path = write('top.py', "_base_ = './middle.py'")
    with pytest.raises(ConfigError, match=r'gone\.py does not exist; middle\.py:2 asks for it'):
        read_chain(path)


def test_a_missing_config_is_named(write):
    with pytest.raises(ConfigError, match=r'nothing\.py does not exist$'):
        read_chain(write('x.py', '').parent / 'nothing.py')


def test_a_syntax_error_names_file_and_line(write):
    write('bad.py', 'x = 1\nmodel = dict(type=\n')
    path = write('top.py', "_base_ = './bad.py'")
    with pytest.raises(ConfigError, match=r'bad\.py:2 is no Python.*model = dict'):
        read_chain(path)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ("_base_ = './' + name", 'written out'),
        ('_base_ = 3', 'written out'),
        ("_base_ = 'nosuchpackage::x.py'", "'nosuchpackage' is not installed"),
        ('with read_base():\n    from .x import *', 'read_base'),
        ("_base_ = './top.py'", r'circle: top\.py -> top\.py'),
        ("_base_ = './x.yaml'", r'x\.yaml does not exist'),
    ],
)
def test_bases_that_cannot_be(write, text, message):
    with pytest.raises(ConfigError, match=message):
        read_chain(write('top.py', text))


def test_templates_that_are_no_python_are_read_over(write):
    (file,) = read_chain(write('top.py', 'x = {{$ROOT:/data}}\ny = 2'))
    assert len(file.tree.body) == 2


def test_files_of_an_installed_package_are_stock(write):
    path = write('top.py', "_base_ = 'mmdet::_base_/default_runtime.py'")
    assert [f.stock for f in read_chain(path)] == [True, False]
