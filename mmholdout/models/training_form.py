"""What a head puts out in training and in eval mode, for the price of little more than one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

from torch import Tensor, nn


def both_forms(head: nn.Module, features: tuple[Tensor, ...]) -> tuple[Any, Any]:
    """Outputs of a head in eval mode, in the form its loss needs and in the form it predicts from.

    FCOS with `norm_on_bbox` scales its boxes in eval mode only, VFNet puts out a further tensor in
    training. Such a head runs twice; its convolutions, which see the same input, run once. The
    other heads run once.

    Args:
        head: in eval mode, without gradient.
        features: of the neck.
    """
    if not _reads_training(type(head)):
        outs = head(features)
        return outs, outs
    with _remembering(head):
        for_prediction = head(features)
        with in_training(head):
            return head(features), for_prediction


@contextmanager
def in_training(*modules: nn.Module) -> Iterator[None]:
    """Only the modules' own flags say training: below them, BatchNorm and dropout stay as set."""
    flags = [module.training for module in modules]
    try:
        for module in modules:
            module.training = True
        yield
    finally:
        for module, flag in zip(modules, flags):
            module.training = flag


@cache
def _reads_training(cls: type) -> bool:
    """Whether code of the head, or of a class it derives from, reads its training flag."""
    return any(_mentions_training(base) for base in cls.__mro__ if base not in nn.Module.__mro__)


def _mentions_training(cls: type) -> bool:
    try:
        return 'self.training' in inspect.getsource(cls)
    except (OSError, TypeError):  # no source: the slower way is right for every head
        return True


@contextmanager
def _remembering(head: nn.Module) -> Iterator[None]:
    """Parts of the head that get a tensor they have seen, unchanged, give the same result again."""
    memory = _Memory()
    parts = [part for part in head.modules() if part is not head and 'forward' not in vars(part)]
    try:
        for part in parts:
            part.forward = partial(memory.call, part.forward)
        yield
    finally:
        for part in parts:
            vars(part).pop('forward', None)


class _Memory:
    """Results by function and tensor; the tensors are kept, so that no identity is used twice."""

    def __init__(self) -> None:
        self._results: dict[tuple[int, int], tuple[Tensor, int, Any, int]] = {}
        self._inside = False

    def call(self, forward: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._inside or kwargs or len(args) != 1 or not _has_version(args[0]):
            return forward(*args, **kwargs)
        (value,) = args
        key = (id(forward.__self__), id(value))
        version = value._version
        if key in self._results:
            _, version_then, result, result_version = self._results[key]
            # Work in place, on the input or on the result, shows in the versions.
            if version == version_then and result._version == result_version:
                return result
        self._inside = True
        try:
            result = forward(value)
        finally:
            self._inside = False
        if _has_version(result):
            self._results[key] = (value, version, result, result._version)
        return result


def _has_version(value: Any) -> bool:
    return isinstance(value, Tensor) and not value.is_inference()
