import http.server
import threading
import time

import pytest

from mmholdout.fetch import download as download_module


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `files` with Range; `faults` are used up one a request, each on its own path."""

    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        log, files, faults = self.server.log, self.server.files, self.server.faults
        log.append((self.path, self.headers.get('Range')))
        fault = faults.pop(0) if faults else None
        if callable(fault):
            fault(self)
            return
        data = files.get(self.path.partition('?')[0])
        if data is None:
            self.send_error(404)
            return
        start, status = 0, 200
        asked = self.headers.get('Range')
        if asked and fault != 'ignores range':
            start, status = int(asked.removeprefix('bytes=').rstrip('-')), 206
            if start >= len(data):
                self.send_response(416)
                self.send_header('Content-Range', f'bytes */{len(data)}')
                self.send_header('Content-Length', '0')
                self.end_headers()
                return
        body = data[start:]
        self.send_response(status)
        if status == 206:
            self.send_header('Content-Range', f'bytes {start}-{len(data) - 1}/{len(data)}')
        if fault != 'no length':
            self.send_header('Content-Length', str(len(body)))
        self.send_header('Connection', 'close')
        self.end_headers()
        self.close_connection = True
        if fault == 'corrupts':
            body = bytes([body[0] ^ 1]) + body[1:]
        elif fault == 'truncates':
            body = body[: len(body) // 2]
        elif fault == 'stalls':
            self.wfile.write(body[:100])
            self.wfile.flush()
            time.sleep(1.5)
            return
        self.wfile.write(body)

    def redirect(self, to, code=302):
        self.send_response(code)
        self.send_header('Location', to)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that hangs up is what is tested


@pytest.fixture
def server(monkeypatch):
    """A server on this machine: `url`, `files` (path -> bytes), `faults`, `log`."""
    monkeypatch.setenv('no_proxy', '127.0.0.1')
    monkeypatch.setattr(download_module, 'WAIT', 0.0)
    monkeypatch.setattr(download_module, 'TIMEOUT', 0.5)
    with Server(('127.0.0.1', 0), Handler) as running:
        running.files, running.faults, running.log = {}, [], []
        running.url = f'http://127.0.0.1:{running.server_port}'
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.shutdown()
