"""Parts of a detector that torch compiles for training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

PARTS = ('backbone', 'neck', 'rpn_head', 'bbox_head')  # images and features in, tensors out


def compile_parts(model: nn.Module, options: Mapping[str, Any], say: Callable[[str], None]) -> None:
    """Compile what maps tensors to tensors; it happens at the first training step.

    Only training passes run compiled: validation would have to be compiled once more. Parameters,
    buffers and their names stay as they are. A part that cannot be compiled says so in one line and
    goes on as it was.

    Args:
        model: a detector of mmdet's kind.
        options: keywords of `torch.compile`.
        say: takes the line.
    """
    for name in PARTS:
        part = getattr(model, name, None)
        if isinstance(part, nn.Module):
            part.compile(**options)
            # torch calls this in place of `forward`, and leaves it out of copies and pickles
            part._compiled_call_impl = _in_training(part, name, say)  # type: ignore[assignment]


def _in_training(part: nn.Module, name: str, say: Callable[[str], None]) -> Callable[..., Any]:
    compiled: Any = part._compiled_call_impl

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal compiled
        if compiled is None or not part.training or not torch.is_grad_enabled():
            return part._call_impl(*args, **kwargs)
        try:
            return compiled(*args, **kwargs)
        except Exception as error:
            if not isinstance(error, torch._dynamo.exc.TorchDynamoException):
                raise
            compiled = None
            why = ' '.join(str(error).split('\n')[:2]).strip() or type(error).__name__
            say(f'compile: {name} runs as it is, for torch could not compile it: {why}')
            return part._call_impl(*args, **kwargs)

    return call
