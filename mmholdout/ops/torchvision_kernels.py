"""torchvision's compiled operators, for tensors that are not on the CPU.

On a CPU the operators here are faster than torchvision's and give the same results.
"""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType

from torch import Tensor


@cache
def kernels() -> ModuleType | None:
    """`torchvision.ops`, or None where it is missing or was built for another torch."""
    try:
        return importlib.import_module('torchvision.ops')
    except (ImportError, RuntimeError):  # RuntimeError: built for another torch
        return None


def kernels_for(tensor: Tensor) -> ModuleType | None:
    """`torchvision.ops` where it is to be used on this tensor."""
    return None if tensor.is_cpu else kernels()
