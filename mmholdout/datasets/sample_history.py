"""Whether a sample depends on those that were made before it, and by which transform."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from mmdet.structures.bbox import BaseBoxes
from mmdet.structures.mask import BitmapMasks
from mmengine.structures import BaseDataElement
from torch import Tensor

from mmholdout.datasets.other_samples import leaves_of

MORE = 24  # samples, where a transform keeps something; mmdet's caches begin after five
_DEPTH = 5


def find_history(dataset: Any) -> list[str]:
    """Transforms that give a sample other bytes after other samples; [] where there is none.

    The first sample of the first epoch is made, another one, and the first again. Where a
    transform's attributes have changed by then, more are made in between. A transform that
    remembers nothing for so long, or that draws from the clock now and then, is not found.

    Args:
        dataset: of training, which is asked for (epoch, index): SeededDataset, or around it.
    """
    steps = list(_steps(dataset))
    if not len(dataset) or not steps:
        return []
    at_start = [_digest(vars(step)) for _, _, step in steps]
    first = _log(dataset, steps, 0)
    dataset[0, 1 % len(dataset)]
    found = _differing(first, _log(dataset, steps, 0))
    if not found and at_start != [_digest(vars(step)) for _, _, step in steps]:
        for number in range(MORE):
            dataset[0, (2 + number) % len(dataset)]
        found = _differing(first, _log(dataset, steps, 0))
    return found


def _steps(dataset: Any) -> Iterator[tuple[list[Any], int, Any]]:
    for leaf in leaves_of(dataset):
        steps = getattr(leaf.pipeline, 'transforms', leaf.pipeline)
        if isinstance(steps, list):
            for place, step in enumerate(steps):
                if hasattr(step, '__dict__'):
                    yield steps, place, step


class _Watched:
    """A transform whose results are noted."""

    def __init__(self, step: Any, log: list[tuple[str, bytes]]) -> None:
        self._step, self._log = step, log

    def __call__(self, results: Any) -> Any:
        results = self._step(results)
        # With the generators: a step that draws more or less often changes what comes after it.
        drawn = random.getstate(), np.random.get_state(), torch.get_rng_state()
        self._log.append((type(self._step).__name__, _digest([results, drawn])))
        return results

    def __getattr__(self, name: str) -> Any:
        return getattr(self._step, name)


def _log(dataset: Any, steps: list[Any], index: int) -> list[tuple[str, bytes]]:
    log: list[tuple[str, bytes]] = []
    with _watching(steps, log):
        dataset[0, index]
    return log


@contextmanager
def _watching(steps: list[Any], log: list[tuple[str, bytes]]) -> Iterator[None]:
    for owner, place, step in steps:
        owner[place] = _Watched(step, log)
    try:
        yield
    finally:
        for owner, place, step in steps:
            owner[place] = step


def _differing(first: list[tuple[str, bytes]], again: list[tuple[str, bytes]]) -> list[str]:
    """The first that differs: those behind it only hand on what it did."""
    for one, other in zip(first, again):
        if one != other:
            return [other[0]]
    return [] if len(first) == len(again) else ['the number of transforms that a sample meets']


def _digest(value: Any) -> bytes:
    state = hashlib.blake2b(digest_size=16)
    _feed(state, value, _DEPTH)
    return state.digest()


def _feed(state: Any, value: Any, depth: int) -> None:
    """Content alone: neither identity nor the class of a container counts."""
    if isinstance(value, Tensor):
        value = value.detach().cpu().numpy()
    elif isinstance(value, BaseBoxes):
        value = value.tensor.numpy()
    elif isinstance(value, BitmapMasks):
        value = value.masks
    elif isinstance(value, BaseDataElement):
        value = [list(value.all_items())]
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        state.update(f'{value.dtype}{value.shape}'.encode())
        state.update(np.ascontiguousarray(value))
    elif isinstance(value, dict | list | tuple) and depth:
        members = list(value.items()) if isinstance(value, dict) else value
        state.update(f'{len(members)}['.encode())
        for member in members:
            _feed(state, member, depth - 1)
    elif isinstance(value, bool | int | float | str | bytes | np.generic | None):
        state.update(f'{value!r};'.encode())
    else:
        state.update(type(value).__qualname__.encode())
