from __future__ import annotations

import sys

from mmholdout.config.project import import_custom_modules, make_importable, project_folder


def test_the_project_folder_is_the_nearest_that_looks_like_one(write):
    write('p/pyproject.toml', '')
    config = write('p/configs/deep/x.py', '')
    assert project_folder(config).name == 'p'


def test_modules_of_the_project_can_be_imported_from_anywhere(write, monkeypatch, tmp_path_factory):
    write('p/setup.py', '')
    write('p/projects/example_of_mine/hook.py', 'DONE = True')
    config = write('p/configs/x.py', '')
    monkeypatch.chdir(tmp_path_factory.mktemp('elsewhere'))
    monkeypatch.setattr(sys, 'path', [*sys.path])
    make_importable(config)
    for name in [n for n in sys.modules if n.split('.')[0] == 'projects']:
        monkeypatch.delitem(sys.modules, name)
    imports = {'custom_imports': {'imports': ['projects.example_of_mine.hook']}}
    assert import_custom_modules(imports) == []
    assert sys.modules['projects.example_of_mine.hook'].DONE
    for name in [n for n in sys.modules if n.split('.')[0] == 'projects']:
        monkeypatch.delitem(sys.modules, name)


def test_failures_are_sentences(write, monkeypatch):
    monkeypatch.setattr(sys, 'path', [*sys.path])
    make_importable(write('x.py', ''))
    write('raises_here.py', 'raise RuntimeError("no luck")')
    failures = import_custom_modules(
        {'custom_imports': {'imports': ['not_there_at_all', 'raises_here', 3, 'json']}}
    )
    assert len(failures) == 3
    assert "importing 'not_there_at_all' failed: ModuleNotFoundError" in failures[0]
    assert 'no luck' in failures[1]
    assert '3 is no module name' in failures[2]


def test_imports_of_a_wrong_kind(write):
    assert 'got 3' in import_custom_modules({'custom_imports': {'imports': 3}})[0]
    assert import_custom_modules({}) == []
    assert import_custom_modules({'custom_imports': {'imports': 'json'}}) == []
