"""Where the digests of a folder's images are kept between two comparisons."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mmholdout.datasets.cache_folder import cache_folder


def digests_of(folder: Path) -> Path | None:
    """A file in the user's cache, because data may be read-only; None where there is no place.

    Args:
        folder: of the images, or any other that names the comparison.
    """
    name = hashlib.sha256(str(folder.resolve()).encode(errors='surrogatepass')).hexdigest()[:16]
    try:
        cache = cache_folder('digests')
        cache.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: the user has no home folder
        return None
    return cache / name
