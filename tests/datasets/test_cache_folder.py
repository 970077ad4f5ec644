import sys
from pathlib import Path

import pytest

from mmholdout.datasets.cache_folder import cache_folder


@pytest.mark.parametrize(
    ('platform', 'below'),
    [('linux', '.cache'), ('darwin', 'Library/Caches'), ('win32', 'AppData/Local')],
)
def test_the_usual_place_of_the_platform(monkeypatch, tmp_path, platform, below):
    monkeypatch.delenv('XDG_CACHE_HOME', raising=False)
    monkeypatch.delenv('LOCALAPPDATA', raising=False)
    monkeypatch.setattr(sys, 'platform', platform)
    monkeypatch.setattr(Path, 'home', lambda: tmp_path)
    assert cache_folder('index') == tmp_path / below / 'mmholdout' / 'index'


@pytest.mark.parametrize('platform', ['linux', 'darwin', 'win32'])
def test_the_users_choice_comes_first(monkeypatch, tmp_path, platform):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    monkeypatch.setattr(sys, 'platform', platform)
    assert cache_folder() == tmp_path / 'mmholdout'


def test_a_relative_choice_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv('XDG_CACHE_HOME', 'here')
    monkeypatch.setattr(sys, 'platform', 'linux')
    monkeypatch.setattr(Path, 'home', lambda: tmp_path)
    assert cache_folder() == tmp_path / '.cache' / 'mmholdout'


def test_windows_says_where(monkeypatch, tmp_path):
    monkeypatch.delenv('XDG_CACHE_HOME', raising=False)
    monkeypatch.setenv('LOCALAPPDATA', str(tmp_path))
    monkeypatch.setattr(sys, 'platform', 'win32')
    assert cache_folder() == tmp_path / 'mmholdout'
