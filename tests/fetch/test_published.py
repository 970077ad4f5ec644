import hashlib

import pytest

from mmholdout.fetch.download import DownloadError, WrongDigestError
from mmholdout.fetch.published import published_file

DATA = b'weights ' * 1000
GOOD = f'net-{hashlib.sha256(DATA).hexdigest()[:8]}.pth'
BAD = 'net-01234567.pth'


@pytest.fixture(autouse=True)
def served(server):
    server.files.update({f'/x/{name}': DATA for name in (GOOD, BAD, 'plain.pth')})


def test_it_is_downloaded_once(server, tmp_path):
    for _ in range(3):
        assert published_file(f'{server.url}/x/{GOOD}?v=1', tmp_path / 'hub').read_bytes() == DATA
    assert [p.name for p in (tmp_path / 'hub').iterdir()] == [GOOD]
    server.files.clear()
    assert published_file(f'{server.url}/x/{GOOD}#x', tmp_path / 'hub')
    assert len(server.log) == 1


def test_a_name_without_digest_is_taken(server, tmp_path):
    assert published_file(f'{server.url}/x/plain.pth', tmp_path).read_bytes() == DATA


@pytest.mark.guarantee
def test_another_file_is_refused_and_not_kept(server, tmp_path):
    with pytest.raises(WrongDigestError, match=f'x/{BAD} is not the file .*not with 01234567'):
        published_file(f'{server.url}/x/{BAD}', tmp_path)
    assert not (tmp_path / BAD).exists() and not (tmp_path / f'{BAD}.part').exists()


@pytest.mark.guarantee
def test_a_damaged_file_that_is_there_is_refused(server, tmp_path):
    (tmp_path / GOOD).write_bytes(DATA[:-1])
    with pytest.raises(WrongDigestError, match=f'{GOOD} is not the file.*Remove it'):
        published_file(f'{server.url}/x/{GOOD}', tmp_path)
    assert server.log == []


@pytest.mark.guarantee
@pytest.mark.parametrize('place', ['', '/', '/..', '/a/..', '/a\\..\\b.pth', '/C:x.pth'])
def test_an_address_that_names_no_file(server, tmp_path, place):
    with pytest.raises(DownloadError, match=r'names no file|cannot be downloaded'):
        published_file(f'{server.url}{place}', tmp_path / 'hub')
    assert not (tmp_path / 'hub').exists() or list((tmp_path / 'hub').iterdir()) == []
