"""Operators without a compiler: what mmcv's compiled extension would offer, where there is none."""

from mmholdout.ops.extension import backend_name, supply

__all__ = ['backend_name', 'supply']
