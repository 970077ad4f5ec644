"""A file that is published at an address, kept under its own name."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from mmholdout.fetch.archive import leads_out
from mmholdout.fetch.digest import Digest
from mmholdout.fetch.download import DownloadError, Progress, WrongDigestError, download


def published_file(url: str, folder: Path, progress: Progress | None = None) -> Path:
    """The file in `folder`, downloaded if it is not there; its digest is checked either way.

    The digest is the one in which its name ends (`Digest.in_name`), if it ends in one.

    Raises:
        DownloadError: it is not there and cannot be had, or the address names no file.
        WrongDigestError: what is there, or what came, is another file.
    """
    name = PurePosixPath(urlsplit(url).path).name
    if not name or leads_out(name):
        raise DownloadError(f'{url!r} names no file')
    path, digest = folder / name, Digest.in_name(name)
    if not path.is_file():
        download(url, path, digest, progress=progress)
    elif digest and (wrong := digest.differs(path)):
        raise WrongDigestError(
            f'{path} is not the file that its name says: {wrong}. Remove it, or download it again'
        )
    return path
