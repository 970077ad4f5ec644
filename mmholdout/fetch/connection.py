"""One HTTP request, with redirects that never leave http(s) nor fall back from https."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

SCHEMES = ('http', 'https')


def get(url: str, headers: dict[str, str], timeout: float) -> Any:
    """The open response, status 200 or 206.

    Args:
        url: http or https.
        headers: are sent; the body is asked for as it is, not compressed.
        timeout: seconds without a byte.

    Raises:
        ValueError: another scheme, also that of a redirect.
        OSError: (`urllib.error.URLError`) no connection, or another status.
    """
    _require_scheme(url)
    request = urllib.request.Request(  # noqa: S310 - the scheme has been checked
        url, headers={'Accept-Encoding': 'identity', 'User-Agent': 'mmholdout', **headers}
    )
    return urllib.request.build_opener(_Redirects).open(request, timeout=timeout)


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _require_scheme(newurl)
        if urlsplit(req.full_url).scheme == 'https' and urlsplit(newurl).scheme != 'https':
            raise ValueError(f'{req.full_url} leads from https to {newurl}, which is refused')
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_scheme(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError(f'{url!r} is no http or https address')
