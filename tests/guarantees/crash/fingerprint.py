"""What a run has come to, as digests by name; two runs are one run if these are equal."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch

TIMES = ('seconds', 'validation_cost')  # what may differ between two equal runs

# Compared above, holding times, or a picture of what is compared.
ELSEWHERE = ('history.jsonl', 'summary.json', 'train.log', 'curves.png', 'digests.json')


def fingerprint(folder: Path) -> dict[str, str]:
    """Weights, their averages, optimizer, random states, counters, history, summary, files."""
    found: dict[str, str] = {}
    for path in sorted((folder / 'checkpoints').glob('*.pth')):
        if path.name == 'last.prev.pth':  # of which epoch it is depends on what happened
            continue
        content = torch.load(path, map_location='cpu', weights_only=True)
        content.pop('digests', None)  # of seconds too
        for part, value in content.items():
            for name, leaf in _leaves(value, part):
                found[f'{path.name}: {name}'] = leaf
    rows = (folder / 'history.jsonl').read_text(encoding='utf-8').splitlines()
    for number, line in enumerate(rows, 1):
        for name, leaf in _leaves(json.loads(line), f'row {number}'):
            found[f'history: {name}'] = leaf
    summary = json.loads((folder / 'summary.json').read_text(encoding='utf-8'))
    found |= {f'summary: {name}': leaf for name, leaf in _leaves(summary, '')}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name not in ELSEWHERE:
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    names = {str(path.relative_to(folder)) for path in folder.rglob('*') if path.is_file()}
    found['files'] = ' '.join(sorted(names))
    return found


def _leaves(value: Any, name: str) -> list[tuple[str, str]]:
    if any(word in name.rpartition('/')[2] for word in TIMES):
        return []
    if isinstance(value, dict):
        return [leaf for key, v in value.items() for leaf in _leaves(v, f'{name}/{key}')]
    if isinstance(value, list | tuple) and any(
        isinstance(v, dict | list | tuple | torch.Tensor) for v in value
    ):
        return [leaf for i, v in enumerate(value) for leaf in _leaves(v, f'{name}/{i}')]
    if isinstance(value, torch.Tensor):
        tensor = value.detach().contiguous()
        data = tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b''
        digest = hashlib.sha256(data).hexdigest()
        return [(name, f'{tensor.dtype} {tuple(tensor.shape)} {digest}')]
    text = repr(value)
    return [(name, text if len(text) < 80 else hashlib.sha256(text.encode()).hexdigest())]
