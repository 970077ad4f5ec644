"""The digest that a downloaded file must have."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
# As torch.hub writes it: name-<first hex digits of the file's SHA-256>.pth
_SUFFIX = re.compile(r'-([0-9a-f]{8,64})\.[^.]+$')
# A date, or an iteration with leading zeros, in the place of a digest.
_NUMBER = re.compile(r'(19|20)\d\d(0\d|1[0-2])([0-2]\d|3[01])|00\d{6,}')


@dataclass(frozen=True)
class Digest:
    """An algorithm of hashlib, and the hexadecimal digest or its first digits.

    MD5 finds accidents, not attacks: two files of equal MD5 can be made on purpose.
    """

    algorithm: str
    hexadecimal: str

    @classmethod
    def in_name(cls, name: str) -> Digest | None:
        """That of a name such as `vgg16-397923af.pth`; None where it ends in none."""
        found = _SUFFIX.search(name)
        return cls('sha256', found[1]) if found and not _NUMBER.fullmatch(found[1]) else None

    def of(self, path: Path) -> str:
        """The file's digest, as many digits as are known of the right one."""
        running = hashlib.new(self.algorithm, usedforsecurity=False)
        with path.open('rb') as file:
            while chunk := file.read(_CHUNK):
                running.update(chunk)
        return running.hexdigest()[: len(self.hexadecimal)]

    def differs(self, path: Path) -> str | None:
        """What is wrong with a file's digest, as the end of a sentence; None if nothing is."""
        actual = self.of(path)
        if actual == self.hexadecimal:
            return None
        name = self.algorithm.upper().replace('SHA', 'SHA-')
        return f'its {name} begins with {actual[:16]}, not with {self.hexadecimal[:16]}'
