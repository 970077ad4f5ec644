from mmholdout.runner.digests_file import digests_of


def test_each_folder_has_its_own_file_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
    first, second = digests_of(tmp_path / 'a'), digests_of(tmp_path / 'b')
    assert first != second
    assert first == digests_of(tmp_path / 'b' / '..' / 'a')
    assert first.parent.is_dir()
    assert first.is_relative_to(tmp_path / 'cache')


def test_without_a_place_there_is_no_file(tmp_path, monkeypatch):
    (tmp_path / 'cache').write_text('a file where a folder would be')
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
    assert digests_of(tmp_path) is None
