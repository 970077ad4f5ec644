"""`sample.json`: marks a folder as a rendered sample set and says exactly which."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mmholdout.errors import DataError

FILE_NAME = 'sample.json'
MAKER = 'mmholdout sample'
VERSION = 1  # raise it whenever another picture comes out for the same seed


@dataclass(frozen=True)
class Manifest:
    """Which set: version of the renderer, seed, images per split, digest of all files."""

    seed: int
    counts: dict[str, int]
    digest: str
    version: int = VERSION
    maker: str = MAKER

    def write(self, folder: Path) -> None:
        """Put `sample.json` into `folder`."""
        text = json.dumps(asdict(self), indent=2) + '\n'
        (folder / FILE_NAME).write_text(text, encoding='utf-8')

    def same_request(self, seed: int, counts: dict[str, int]) -> bool:
        """Whether today's renderer would be asked for this very set."""
        return (self.version, self.seed, self.counts) == (VERSION, seed, counts)


def read(folder: Path) -> Manifest | None:
    """The manifest of `folder`; None where it holds none.

    Raises:
        DataError: `sample.json` is there but is not one of ours, or is damaged.
    """
    path = folder / FILE_NAME
    try:
        found = json.loads(path.read_text(encoding='utf-8'))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DataError(f'{path} cannot be read ({error}): name another folder') from error
    if not isinstance(found, dict) or found.get('maker') != MAKER:
        raise DataError(f'{path} was not written by this program: name another folder')
    try:
        return Manifest(**found)
    except TypeError as error:
        raise DataError(f'{path} is damaged ({error}): name another folder') from error


def digest(folder: Path) -> str:
    """SHA-256 over names and contents of all files below `folder`, the manifest excepted."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob('*') if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != FILE_NAME:
            total.update(f'{name}\0{path.stat().st_size}\0'.encode())
            total.update(path.read_bytes())
    return total.hexdigest()
