"""A file of published weights: found or downloaded, and its digest checked."""

from __future__ import annotations

import hashlib
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import torch

from mmholdout.errors import CheckpointError, ConfigError, did_you_mean
from mmholdout.history.atomic import replace_with
from mmholdout.splits.overlap import file_digest

TIMEOUT = 30  # seconds without a byte
CHUNK = 1 << 20
# As torch.hub writes it: name-<first hex digits of the file's SHA-256>.pth
_DIGEST = re.compile(r'-([0-9a-f]{8,64})\.[^.]+$')


def weights_file(source: str, published: Mapping[str, str], remedy: str) -> Path:
    """The local file that a config's `checkpoint` names.

    Downloads go to torch.hub's folder (`$TORCH_HOME/hub/checkpoints`) under the name in the
    URL; what is there already is taken. A file whose name ends in torch.hub's digest suffix is
    checked against it, wherever it comes from.

    Args:
        source: a path, an http(s) URL, or a key of `published`.
        published: name -> URL.
        remedy: sentence that ends the message about a file that cannot be had.

    Raises:
        ConfigError: the file cannot be had.
        CheckpointError: it has another digest than its name says.
    """
    url = published.get(source, source)
    if not url.startswith(('http://', 'https://')):
        path = Path(source).expanduser()
        if not path.is_file():
            raise ConfigError(
                f'there is no file {source} (looked at {path.absolute()}); the other names known '
                f'are {", ".join(published)}.{did_you_mean(source, published)} {remedy}'
            )
        _check_digest(path, file_digest(path))
        return path
    path = Path(torch.hub.get_dir()) / 'checkpoints' / PurePosixPath(urlsplit(url).path).name
    if path.is_file():
        _check_digest(path, file_digest(path))
    else:
        try:
            _download(url, path)
        except (OSError, HTTPException, ValueError) as error:
            raise ConfigError(
                f'the weights {source!r} cannot be had: they are not at {path}, and {url} '
                f'cannot be downloaded ({_reason(error)}). {remedy}'
            ) from error
    return path


def _download(url: str, path: Path) -> None:
    """Whole or not at all; a wrong digest leaves nothing behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sha256, size = hashlib.sha256(), 0
    with (
        urllib.request.urlopen(url, timeout=TIMEOUT) as response,  # noqa: S310 - http(s) alone
        replace_with(path) as file,
    ):
        while chunk := response.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
            file.write(chunk)
        expected = response.headers.get('Content-Length')
        if expected is not None and size != int(expected):
            raise OSError(f'the connection ended after {size} of {expected} bytes')
        _check_digest(path, sha256.hexdigest(), url)


def _check_digest(path: Path, actual: str, url: str = '') -> None:
    named = _DIGEST.search(path.name)
    if named and not actual.startswith(named[1]):
        raise CheckpointError(
            f'{url or path} is not the file that its name says: the SHA-256 begins with '
            f'{actual[: len(named[1])]}, the name says {named[1]}. '
            + ('Nothing was kept' if url else 'Remove it, or download it again')
        )


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return ' '.join(str(reason).split()) or type(error).__name__
