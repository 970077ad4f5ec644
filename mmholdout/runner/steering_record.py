"""Whether one set of rules steered a run from its beginning to its end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mmholdout.runner.parts import Words
from mmholdout.runner.state import plain

UNKNOWN = 'unknown'  # a run of an earlier version


def steering_record(words: Words, earlier: Mapping[str, Any] | None = None) -> list[str]:
    """Digests of the rules that a run was steered by, in order; one where they never changed.

    What counts is what decides on the best epoch, the cuts of the rate and the stop: another
    `max_epochs` is another end, but no other rule.

    Args:
        words: translated.
        earlier: the meta of the checkpoint that is resumed.
    """
    hooks = words['default_hooks']
    rules = {
        'custom_hooks': words.get('custom_hooks') or [],
        'best': hooks.get('best'),
        'warmup': ((hooks.get('rate') or {}).get('schedule') or {}).get('warmup'),
    }
    now = hashlib.sha256(json.dumps(plain(rules), sort_keys=True).encode()).hexdigest()
    before = [] if earlier is None else list(earlier.get('steering', [UNKNOWN]))
    return before if before[-1:] == [now] else [*before, now]
