"""The resolved config in a run folder, read without running it and named by its digest."""

from __future__ import annotations

import hashlib
import json

from mmholdout.config.dump import read_dump as read_resolved
from mmholdout.runner.parts import Words
from mmholdout.runner.state import plain

__all__ = ['config_digest', 'read_resolved']


def config_digest(words: Words) -> str:
    """SHA-256 of a translated config, as the ledger has it."""
    return hashlib.sha256(json.dumps(plain(words), sort_keys=True).encode()).hexdigest()
