"""A file of published weights: found or downloaded, and its digest checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import torch

from mmholdout.errors import CheckpointError, ConfigError, did_you_mean
from mmholdout.fetch.digest import Digest
from mmholdout.fetch.download import DownloadError, WrongDigestError
from mmholdout.fetch.published import published_file


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
        _check_digest(path)
        return path
    folder = Path(torch.hub.get_dir()) / 'checkpoints'
    try:
        return published_file(url, folder)
    except WrongDigestError as error:
        raise CheckpointError(str(error)) from error
    except DownloadError as error:
        place = folder / PurePosixPath(urlsplit(url).path).name
        raise ConfigError(
            f'the weights {source!r} cannot be had: they are not at {place}, and {error}. {remedy}'
        ) from error


def _check_digest(path: Path) -> None:
    digest = Digest.in_name(path.name)
    if digest and (wrong := digest.differs(path)):
        raise CheckpointError(
            f'{path} is not the file that its name says: {wrong}. Remove it, or download it again'
        )
