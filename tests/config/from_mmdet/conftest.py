from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.origin import Origins


@pytest.fixture
def rewrite() -> Callable[..., Rewriting]:
    """Run one step on words; gives what it made of them."""

    def run(step: Callable[[Rewriting], None], **cfg: Any) -> Rewriting:
        r = Rewriting(cfg, Origins())
        step(r)
        return r

    return run


@pytest.fixture
def translated() -> Callable[..., Rewriting]:
    """All steps on words."""
    from mmholdout.config.from_mmdet.apply import from_mmdet

    return lambda **cfg: from_mmdet(cfg, Origins())
