"""What every report of a run says about its splits; nothing where they are clean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def split_sentences(record: Mapping[str, Any] | None) -> list[str]:
    """Lines about overlap that was allowed, near-duplicates, and what was not compared.

    Args:
        record: `meta['splits']` of a checkpoint, which is `separation.json` of its run folder;
            None or empty for a checkpoint of an earlier version.
    """
    if not record:
        return []
    lines = []
    if record['allow_overlap']:
        shared = record['shared'] or ['no image or group is shared']
        lines += [f'splits: allow_overlap=True: {text}' for text in shared]
    pairs = record['near_duplicates']
    if pairs is None:
        lines.append("splits: near-duplicates were not looked for (splits.near_duplicates='off')")
    elif pairs:
        kinds = ', '.join(f'{number} {kind}' for kind, number in record['kinds'].items())
        noun = 'pair' if pairs == 1 else 'pairs'
        lines.append(f'splits: {pairs} {noun} of near-duplicates across splits ({kinds})')
    return lines + [f'splits: {text}' for text in record['unseen']]
