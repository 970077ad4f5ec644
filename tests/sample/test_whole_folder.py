import pytest

from mmholdout.errors import DataError
from mmholdout.sample import manifest
from mmholdout.sample.whole_folder import Outcome, write_whole

COUNTS = {'train': 2, 'val': 1}


def files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob('*') if p.is_file()}


def numbers(folder, seed, counts):
    """The smallest set: a text for each image."""
    for split, count in counts.items():
        (folder / split).mkdir(parents=True)
        for number in range(count):
            (folder / split / f'{number}.txt').write_text(f'{seed}')


def write(folder, seed=0, *, counts=COUNTS, render=numbers, force=False):
    return write_whole(folder, seed, dict(counts), render, force=force)


@pytest.fixture
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp('whole') / 'set'
    assert write(folder) is Outcome.WRITTEN
    return folder


def test_the_manifest_says_what_is_there(written):
    found = manifest.read(written)
    assert found.same_request(0, COUNTS) and found.digest == manifest.digest(written)


def test_an_identical_set_is_left_alone(tmp_path):
    write(tmp_path / 'set')
    times = {p: p.stat().st_mtime_ns for p in (tmp_path / 'set').rglob('*')}
    for force in (False, True):
        assert write(tmp_path / 'set', force=force) is Outcome.PRESENT
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / 'set').rglob('*')} == times


def test_another_set_is_replaced_only_by_force(written, tmp_path):
    folder = tmp_path / 'set'
    write(folder, seed=1)
    before = files(folder)
    with pytest.raises(DataError, match=r'seed 1, 2 train, 1 val images.*--force'):
        write(folder)
    assert files(folder) == before
    assert write(folder, force=True) is Outcome.REPLACED
    assert files(folder) == files(written)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_changed_set_is_noticed_and_mended_by_force(written, tmp_path):
    folder = tmp_path / 'set'
    write(folder)
    (folder / 'val/0.txt').write_text('edited')
    with pytest.raises(DataError, match='have been changed'):
        write(folder)
    assert write(folder, force=True) is Outcome.REPLACED
    assert files(folder) == files(written)


@pytest.mark.parametrize('force', [False, True])
def test_any_other_folder_or_file_is_left_alone(force, tmp_path):
    folder = tmp_path / 'photos'
    folder.mkdir()
    (folder / 'holiday.jpg').write_bytes(b'mine')
    file = tmp_path / 'file'
    file.write_text('mine')
    for place in (folder, file):
        with pytest.raises(DataError, match='left alone'):
            write(place, force=force)
    assert files(tmp_path) == {
        folder.relative_to(tmp_path) / 'holiday.jpg': b'mine',
        file.relative_to(tmp_path): b'mine',
    }


def test_an_empty_folder_is_filled_and_parents_are_made(written, tmp_path):
    (tmp_path / 'empty').mkdir()
    for place in (tmp_path / 'empty', tmp_path / 'a/b/c'):
        assert write(place) is Outcome.WRITTEN
        assert files(place) == files(written)


@pytest.mark.parametrize('existing', [False, True])
def test_an_interruption_leaves_what_was_there(existing, tmp_path):
    folder = tmp_path / 'set'
    if existing:
        write(folder, seed=1)
    before = files(tmp_path)

    def interrupted(place, seed, counts):
        place.mkdir()
        (place / 'half').write_text('')
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(folder, render=interrupted, force=True)
    assert files(tmp_path) == before
    assert list(tmp_path.iterdir()) == ([folder] if existing else [])


def test_a_failed_exchange_puts_the_old_set_back(tmp_path, monkeypatch):
    folder = tmp_path / 'set'
    write(folder, seed=1)
    before = files(tmp_path)
    rename = type(folder).rename

    def fails_for_the_new_one(self, target):
        if self.name == 'new':
            raise OSError('disk gone')
        return rename(self, target)

    monkeypatch.setattr(type(folder), 'rename', fails_for_the_new_one)
    with pytest.raises(OSError, match='disk gone'):
        write(folder, force=True)
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        ({'counts': {'train': 0}}, 'train split'),
        ({'counts': {'train': 1, 'val': -1}}, 'val split'),
        ({'seed': -1}, 'seed'),
    ],
)
def test_numbers_out_of_range_are_refused(wrong, message, tmp_path):
    with pytest.raises(DataError, match=message):
        write(tmp_path / 'set', **wrong)
    assert list(tmp_path.iterdir()) == []
