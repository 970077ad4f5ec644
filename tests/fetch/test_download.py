import errno
import hashlib
import random
import shutil
from collections import namedtuple

import pytest
from filelock import FileLock

from mmholdout.fetch import download as module
from mmholdout.fetch.digest import Digest
from mmholdout.fetch.download import DownloadError, WrongDigestError, download

DATA = random.Random(0).randbytes(1_000_000)
DIGEST = Digest('sha256', hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def fetch(server, tmp_path):
    server.files['/a.tar'] = DATA
    target = tmp_path / 'folder' / 'a.tar'

    def run(digest=DIGEST, **options):
        download(f'{server.url}/a.tar', target, digest, **options)
        return target

    run.target, run.part = target, target.with_name('a.tar.part')
    return run


def begun(fetch, data):
    fetch.part.parent.mkdir(exist_ok=True)
    fetch.part.write_bytes(data)


def whole(fetch):
    """The file is there, and nothing else."""
    left = [path.name for path in fetch.target.parent.iterdir()]
    return fetch.target.read_bytes() == DATA and left == ['a.tar']


@pytest.mark.parametrize('digest', [DIGEST, None])
def test_a_file(fetch, server, digest):
    seen = []
    fetch(digest, progress=lambda done, of: seen.append((done, of)))
    assert whole(fetch) and len(server.log) == 1
    assert seen == sorted(seen) and seen[-1] == (len(DATA), len(DATA))


@pytest.mark.guarantee
@pytest.mark.parametrize('digest', [DIGEST, None])
@pytest.mark.parametrize('fault', ['truncates', 'stalls'])
def test_a_connection_that_ends_or_stalls_is_taken_up_again(fetch, server, fault, digest):
    server.faults = [fault]
    fetch(digest)
    assert whole(fetch)
    second = server.log[1][1]
    assert (second is not None and second != 'bytes=0-') == (digest is not None)


@pytest.mark.guarantee
def test_many_breaks_with_progress_are_outlasted(fetch, server):
    server.faults = ['truncates'] * 12
    assert fetch() and whole(fetch)


@pytest.mark.guarantee
@pytest.mark.parametrize('fault', ['corrupts', 'no length'])
def test_corruption_is_found(fetch, server, fault):
    server.faults = [fault]
    if fault == 'no length':  # is no corruption
        assert fetch() and whole(fetch)
        return
    with pytest.raises(WrongDigestError, match=r'a\.tar is not the file that was meant: its SHA'):
        fetch()
    assert list(fetch.target.parent.iterdir()) == []


@pytest.mark.guarantee
def test_a_started_file_is_gone_on_with(fetch, server):
    begun(fetch, DATA[:400_000])
    fetch()
    assert whole(fetch)
    assert server.log == [('/a.tar', 'bytes=400000-')]


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'held', [b'x' * 400_000, DATA + b'x', b'x' * len(DATA)], ids=['other', 'longer', 'same length']
)
def test_a_started_file_that_is_another_is_dropped(fetch, server, held):
    begun(fetch, held)
    fetch()
    assert whole(fetch) and server.log[-1] == ('/a.tar', None)


def test_a_started_file_that_is_complete(fetch, server):
    begun(fetch, DATA)
    fetch()
    assert whole(fetch) and len(server.log) == 1


@pytest.mark.guarantee
def test_a_server_that_ignores_range(fetch, server):
    begun(fetch, b'x' * 400_000)
    server.faults = ['ignores range']
    fetch()
    assert whole(fetch) and len(server.log) == 1


def test_a_part_from_another_place_is_refused(fetch, server):
    def elsewhere(handler):
        handler.send_response(206)
        handler.send_header('Content-Range', f'bytes 5-9/{len(DATA)}')
        handler.send_header('Content-Length', '5')
        handler.end_headers()
        handler.wfile.write(DATA[5:10])

    begun(fetch, DATA[:1000])
    server.faults = [elsewhere]
    with pytest.raises(DownloadError, match=r'another part of it .*part keeps 1000 bytes'):
        fetch()
    assert fetch.part.read_bytes() == DATA[:1000]


@pytest.mark.parametrize(('code', 'requests'), [(404, 1), (403, 1), (500, 4), (503, 4), (429, 4)])
def test_errors_of_the_server(fetch, server, code, requests):
    server.faults = [lambda handler: handler.send_error(code)] * 9
    with pytest.raises(DownloadError, match=f'cannot be downloaded: HTTP Error {code}'):
        fetch()
    assert len(server.log) == requests
    server.faults = [lambda handler: handler.send_error(503)] * 2
    assert fetch()


def test_no_server(tmp_path, server):
    for url in ('http://127.0.0.1:9/a', 'ftp://127.0.0.1/a', 'nonsense'):
        with pytest.raises(DownloadError, match=r'cannot be downloaded: .'):
            download(url, tmp_path / 'a', DIGEST)
    assert not (tmp_path / 'a').exists()


@pytest.mark.guarantee
def test_a_file_without_digest_is_not_gone_on_with_and_leaves_nothing(fetch, server):
    server.faults = ['truncates'] * 9
    with pytest.raises(DownloadError, match=r'ended after 500000 of 1000000 bytes$'):
        fetch(None)
    assert [asked for _, asked in server.log] == [None] * 4
    assert list(fetch.target.parent.iterdir()) == []


@pytest.mark.guarantee
def test_ctrl_c_keeps_what_has_come(fetch, server):
    def stop(done, of):
        if done >= 300_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(progress=stop)
    kept = fetch.part.stat().st_size
    assert 300_000 <= kept < len(DATA) and not fetch.target.exists()
    fetch()
    assert whole(fetch) and server.log[-1] == ('/a.tar', f'bytes={kept}-')


@pytest.mark.guarantee
def test_what_was_there_stays_until_the_new_one_is_whole(fetch, server):
    fetch.target.parent.mkdir()
    fetch.target.write_bytes(b'old')
    server.faults = ['truncates'] * 3 + [lambda handler: handler.send_error(404)]
    with pytest.raises(DownloadError):
        fetch()
    assert fetch.target.read_bytes() == b'old'


@pytest.mark.guarantee
def test_a_full_disk(fetch, server, monkeypatch):
    usage = namedtuple('usage', 'free')
    monkeypatch.setattr(shutil, 'disk_usage', lambda path: usage(999_999))
    with pytest.raises(DownloadError, match='1000000 bytes are to come, 999999 are free'):
        fetch()
    monkeypatch.setattr(shutil, 'disk_usage', lambda path: usage(10**9))

    def full(response, file, start, *rest):
        file.write(DATA[:5000])
        raise OSError(errno.ENOSPC, 'No space left on device')

    with monkeypatch.context() as patch:
        patch.setattr(module, '_copy', full)
        with pytest.raises(DownloadError, match=r'No space left.*keeps 5000 bytes of it'):
            fetch()
    assert len(server.log) == 2
    assert fetch() and whole(fetch)
    assert server.log[-1] == ('/a.tar', 'bytes=5000-')


@pytest.mark.guarantee
@pytest.mark.parametrize('fault', [None, 'no length'])
def test_more_than_expected_is_not_taken(fetch, server, fault):
    server.faults = [fault]
    with pytest.raises(DownloadError, match='400000'):
        fetch(most_bytes=400_000)
    assert not fetch.part.exists() or fetch.part.stat().st_size <= 400_000


def test_two_at_once(fetch):
    fetch.target.parent.mkdir()
    with (
        FileLock(fetch.target.with_name('a.tar.lock')),
        pytest.raises(DownloadError, match='another process'),
    ):
        fetch()
    assert fetch()


def test_a_compressed_body_is_refused(fetch, server):
    def compressed(handler):
        handler.send_response(200)
        handler.send_header('Content-Encoding', 'gzip')
        handler.send_header('Content-Length', '0')
        handler.end_headers()

    server.faults = [compressed]
    with pytest.raises(DownloadError, match='compresses'):
        fetch()
