from __future__ import annotations

import functools
import hashlib
import http.server
import threading

import pytest
import torch

from mmholdout.errors import CheckpointError, ConfigError
from mmholdout.fetch import download
from mmholdout.models.weights_file import weights_file

DATA = b'weights ' * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()
GOOD, BAD = f'net-{DIGEST[:8]}.pth', 'net-01234567.pth'


class Handler(http.server.SimpleHTTPRequestHandler):
    requests = 0

    def do_GET(self):
        type(self).requests += 1
        if self.path.endswith('short.pth'):
            self.send_response(200)
            self.send_header('Content-Length', str(len(DATA)))
            self.end_headers()
            self.wfile.write(DATA[:100])
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """URL of a server on this machine; downloads go to the folder `cache`."""
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path / 'hub'))
    folder = tmp_path / 'served'
    folder.mkdir()
    for name in (GOOD, BAD, 'plain.pth'):
        (folder / name).write_bytes(DATA)
    Handler.requests = 0
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f'http://127.0.0.1:{running.server_port}'
        running.shutdown()


@pytest.fixture
def cache(tmp_path):
    return tmp_path / 'hub' / 'checkpoints'


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv('no_proxy', '127.0.0.1')


def test_it_is_downloaded_once(server, cache):
    for _ in range(3):
        path = weights_file(f'{server}/{GOOD}', {}, 'Remedy.')
        assert path == cache / GOOD and path.read_bytes() == DATA
    assert Handler.requests == 1
    assert [p.name for p in cache.iterdir()] == [GOOD]


def test_a_published_name_stands_for_its_url(server, cache):
    assert weights_file('net', {'net': f'{server}/{GOOD}?v=1#x'}, '') == cache / GOOD


def test_a_name_without_digest_is_taken(server, cache):
    assert weights_file(f'{server}/plain.pth', {}, '').read_bytes() == DATA


def test_a_wrong_digest_is_refused_and_nothing_is_kept(server, cache):
    with pytest.raises(CheckpointError, match=f'{BAD} is not the file .*not with 01234567'):
        weights_file(f'{server}/{BAD}', {}, '')
    assert list(cache.iterdir()) == []


def test_a_broken_connection_leaves_nothing(server, cache, monkeypatch):
    monkeypatch.setattr(download, 'WAIT', 0.0)
    with pytest.raises(ConfigError, match='ended after 100 of 8000 bytes'):
        weights_file(f'{server}/short.pth', {}, '')
    assert list(cache.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_refused(server, cache):
    cache.mkdir(parents=True)
    (cache / GOOD).write_bytes(DATA[:-1])
    with pytest.raises(CheckpointError, match=f'{GOOD}.*Remove it'):
        weights_file(f'{server}/{GOOD}', {}, '')
    assert Handler.requests == 0


@pytest.mark.parametrize('url', ['{server}/none.pth', 'http://127.0.0.1:9/none.pth', 'http:///x'])
def test_what_cannot_be_downloaded(server, cache, url, monkeypatch):
    monkeypatch.setattr(download, 'WAIT', 0.0)
    with pytest.raises(ConfigError) as error:
        weights_file(url.format(server=server), {}, 'Do this instead')
    message = str(error.value)
    assert 'Do this instead' in message and str(cache) in message
    assert 'cannot be downloaded: ' in message or 'names no file' in message


def test_a_local_file(tmp_path):
    for name in (GOOD, 'any.pth'):
        (tmp_path / name).write_bytes(DATA)
        assert weights_file(str(tmp_path / name), {}, '') == tmp_path / name
    (tmp_path / BAD).write_bytes(DATA)
    with pytest.raises(CheckpointError, match=r'not with 01234567.*download it again'):
        weights_file(str(tmp_path / BAD), {}, '')


def test_a_missing_file_says_where_it_looked_and_the_known_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as error:
        weights_file('cafe', {'caffe': 'http://x/y.pth'}, 'Do this instead')
    assert str(error.value) == (
        f'there is no file cafe (looked at {tmp_path / "cafe"}); the other names known are '
        "caffe. Did you mean 'caffe'? Do this instead"
    )
    assert error.value.exit_code == 2
